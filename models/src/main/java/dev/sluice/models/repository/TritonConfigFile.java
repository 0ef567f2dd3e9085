// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.repository;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.TextFormat;
import dev.sluice.proto.inference.ModelConfig;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads {@code config.pbtxt}; what it does not know is an error, with line and column. */
final class TritonConfigFile {
  static final String NAME = "config.pbtxt";
  private static final int MAX_BYTES = 1 << 20;

  /** How the parser words an unknown key: where, the message's full name, the key. */
  private static final Pattern UNKNOWN =
      Pattern.compile("(\\d+):(\\d+):\\s*(inference\\.[A-Za-z.]+)\\.([A-Za-z0-9_]+)");

  private static final Pattern POSITION = Pattern.compile("^\\d+:\\d+:\\s*");

  private TritonConfigFile() {}

  static ModelConfig read(ModelFolder folder) throws RefusedException {
    String text = folder.text(NAME, MAX_BYTES);
    ModelConfig.Builder config = ModelConfig.newBuilder();
    try {
      TextFormat.Parser.newBuilder().build().merge(text, config);
    } catch (TextFormat.ParseException e) {
      throw new RefusedException(NAME + " " + problem(e));
    }
    return config.build();
  }

  private static String problem(TextFormat.ParseException e) {
    String message = String.valueOf(e.getMessage());
    Matcher unknown = UNKNOWN.matcher(message);
    if (unknown.find()) {
      String key = unknown.group(4);
      return "line "
          + unknown.group(1)
          + ", column "
          + unknown.group(2)
          + ": unknown key '"
          + ModelNames.printable(key)
          + "'"
          + Nearest.hint(key, keysOf(unknown.group(3)));
    }
    String words = POSITION.matcher(message.lines().findFirst().orElse("")).replaceFirst("");
    return "line " + e.getLine() + ", column " + e.getColumn() + ": " + words;
  }

  private static List<String> keysOf(String message) {
    Descriptor descriptor = null;
    for (String part : message.substring("inference.".length()).split("\\.", -1)) {
      descriptor =
          descriptor == null
              ? ModelConfig.getDescriptor().getFile().findMessageTypeByName(part)
              : descriptor.findNestedTypeByName(part);
      if (descriptor == null) {
        return List.of();
      }
    }
    return descriptor == null
        ? List.of()
        : descriptor.getFields().stream().map(FieldDescriptor::getName).toList();
  }
}
