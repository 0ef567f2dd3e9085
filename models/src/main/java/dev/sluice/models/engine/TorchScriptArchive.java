// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.engine;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/**
 * Looks into a {@code .pt} file without running any of it: whether it is a TorchScript archive, and
 * how its {@code forward} is declared.
 *
 * <p>Plain pickles, which {@code torch.save} writes, are programs for Python's unpickler; they are
 * refused by what they are, whatever their name.
 */
final class TorchScriptArchive {
  private static final int CODE_LIMIT = 16 << 20;
  private static final int HEAD_LIMIT = 4096;
  private static final String HINT =
      "; export the model with torch.jit.script or torch.jit.trace and save that";

  /** The pickle's first object is the module: protocol 2, then GLOBAL with module and class. */
  private static final Pattern MAIN_CLASS =
      Pattern.compile("\\A\\x80\\x02c(__torch__[\\w.]*)\\n(\\w+)\\n");

  private TorchScriptArchive() {}

  static TorchSignature read(Path file) throws EngineException {
    requireZip(file);
    try (ZipFile zip = new ZipFile(file.toFile())) {
      String root = root(zip);
      Matcher main = MAIN_CLASS.matcher(text(zip, root + "data.pkl", HEAD_LIMIT));
      if (!main.find()) {
        throw new EngineException("data.pkl does not begin with a TorchScript module" + HINT);
      }
      String source = root + "code/" + main.group(1).replace('.', '/') + ".py";
      return TorchSignature.parse(text(zip, source, CODE_LIMIT), main.group(2));
    } catch (ZipException e) {
      throw new EngineException("the archive is damaged: " + Failures.describe(e), e);
    } catch (IOException e) {
      throw new EngineException("the file cannot be read: " + Failures.describe(e), e);
    }
  }

  private static void requireZip(Path file) throws EngineException {
    byte[] head;
    try (InputStream in = Files.newInputStream(file)) {
      head = in.readNBytes(4);
    } catch (IOException e) {
      throw new EngineException("the file cannot be read: " + Failures.describe(e), e);
    }
    if (head.length >= 2 && head[0] == (byte) 0x80 && head[1] <= 5) {
      throw new EngineException("the file is a plain pickle, not TorchScript" + HINT);
    }
    if (head.length < 4 || head[0] != 'P' || head[1] != 'K') {
      throw new EngineException("the file is not a TorchScript archive" + HINT);
    }
  }

  /** The folder that everything in the archive is under. */
  private static String root(ZipFile zip) throws EngineException {
    String root =
        zip.stream()
            .map(ZipEntry::getName)
            .filter(name -> name.endsWith("/constants.pkl"))
            .findFirst()
            .map(name -> name.substring(0, name.length() - "constants.pkl".length()))
            .orElse(null);
    if (root == null || zip.stream().noneMatch(e -> e.getName().startsWith(root + "code/"))) {
      throw new EngineException(
          "the archive holds no TorchScript code, only pickled objects or weights" + HINT);
    }
    return root;
  }

  private static String text(ZipFile zip, String name, int limit)
      throws IOException, EngineException {
    ZipEntry entry = zip.getEntry(name);
    if (entry == null) {
      throw new EngineException("the archive has no " + name);
    }
    try (InputStream in = zip.getInputStream(entry)) {
      return new String(in.readNBytes(limit), StandardCharsets.ISO_8859_1);
    }
  }
}
