// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.command;

import com.google.protobuf.ByteString;
import dev.sluice.loadtest.ghz.Payload;
import dev.sluice.loadtest.run.RunException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What calls carry, as it was given; read once.
 *
 * @param json call data; empty if there is none or it is binary
 * @param metadata JSON; empty if there is none
 */
public record Content(String json, Optional<ByteString> binary, String metadata) {
  private static final int LARGEST = 256 << 20;

  /**
   * @throws RunException naming what cannot be read
   */
  public static Content read(Payload payload, InputStream stdin) {
    String metadata = text("metadata-file", payload.metadata(), stdin);
    if (payload.data() instanceof Payload.Binary binary) {
      byte[] bytes = bytes("binary-file", binary.file(), stdin);
      return new Content("", Optional.of(ByteString.copyFrom(bytes)), metadata);
    }
    return new Content(text("data-file", payload.data(), stdin), Optional.empty(), metadata);
  }

  private static String text(String flag, Payload.Source source, InputStream stdin) {
    return switch (source) {
      case Payload.None none -> "";
      case Payload.Inline inline -> inline.json();
      case Payload.JsonFile json ->
          new String(bytes(flag, json.file(), stdin), StandardCharsets.UTF_8);
      case Payload.Binary binary -> throw new IllegalStateException(flag);
    };
  }

  private static byte[] bytes(String flag, Optional<Path> file, InputStream stdin) {
    String where = file.map(path -> flag + ": " + path).orElse("stdin");
    try (InputStream in = file.isPresent() ? Files.newInputStream(file.get()) : stdin) {
      byte[] bytes = in.readNBytes(LARGEST + 1);
      if (bytes.length > LARGEST) {
        throw new RunException(where + " is larger than 256 MiB");
      }
      return bytes;
    } catch (IOException e) {
      throw new RunException(where + " cannot be read");
    }
  }
}
