// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.config;

import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.representer.Representer;

/**
 * Turns a YAML file into nodes that know their line, and nothing more: no object is ever built from
 * it. Size and depth are bounded, and an alias may not stand for a list or a map.
 */
final class ConfigFile {
  static final int MAX_BYTES = 256 << 10;
  private static final int MAX_DEPTH = 20;

  private ConfigFile() {}

  /** The top node; empty for an empty file and for one that cannot be read, which is a problem. */
  static Optional<Node> parse(Path file, Problems problems) {
    String name = Messages.path(file);
    try {
      return Optional.ofNullable(yaml().compose(new StringReader(read(file))));
    } catch (NoSuchFileException e) {
      problems.add(name + ": there is no such file");
    } catch (CharacterCodingException e) {
      problems.add(name + ": is not UTF-8 text");
    } catch (TooLargeException e) {
      problems.add(name + ": is larger than " + Quantities.printSize(MAX_BYTES));
    } catch (IOException e) {
      problems.add(name + ": cannot be read: " + Messages.clean(String.valueOf(e.getMessage())));
    } catch (MarkedYAMLException e) {
      problems.add(name + line(e.getProblemMark()) + ": is not valid YAML: " + reason(e));
    } catch (YAMLException e) {
      problems.add(name + ": is not valid YAML: " + Messages.clean(String.valueOf(e.getMessage())));
    }
    return Optional.empty();
  }

  private static String read(Path file) throws IOException {
    byte[] bytes;
    try (InputStream in = Files.newInputStream(file)) {
      bytes = in.readNBytes(MAX_BYTES + 1);
    }
    if (bytes.length > MAX_BYTES) {
      throw new TooLargeException();
    }
    return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
  }

  private static Yaml yaml() {
    LoaderOptions options = new LoaderOptions();
    options.setCodePointLimit(MAX_BYTES);
    options.setNestingDepthLimit(MAX_DEPTH);
    options.setMaxAliasesForCollections(0);
    DumperOptions dumper = new DumperOptions();
    return new Yaml(new SafeConstructor(options), new Representer(dumper), dumper, options);
  }

  private static String line(@Nullable Mark mark) {
    return mark == null ? "" : ":" + (mark.getLine() + 1);
  }

  private static String reason(MarkedYAMLException e) {
    String problem = e.getProblem();
    return Messages.clean(problem == null ? "cannot be parsed" : problem);
  }

  private static final class TooLargeException extends IOException {
    private static final long serialVersionUID = 1;
  }
}
