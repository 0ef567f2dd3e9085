// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A repository of one model that does nothing, batched as real ones are. */
final class NoopRepository {
  static final String MODEL = "noop";
  static final int WIDTH = 16;

  private NoopRepository() {}

  static void write(Path repository) throws IOException {
    Path model = repository.resolve(MODEL);
    Files.createDirectories(model.resolve("1"));
    Files.writeString(
        model.resolve("config.pbtxt"),
        """
        backend: "identity"
        max_batch_size: 64
        input [ { name: "INPUT0" data_type: TYPE_FP32 dims: [ %1$d ] } ]
        output [ { name: "OUTPUT0" data_type: TYPE_FP32 dims: [ %1$d ] } ]
        dynamic_batching { }
        """
            .formatted(WIDTH));
  }
}
