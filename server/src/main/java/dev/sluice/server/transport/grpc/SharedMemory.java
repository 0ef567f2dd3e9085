// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.grpc;

import java.util.Collection;

/** Shared memory regions, which this server does not map: a client could hand in any address. */
final class SharedMemory {
  static final String REASON =
      "shared memory regions are not offered; send tensors in raw_input_contents";

  private SharedMemory() {}

  static void refuse(String field, Collection<String> parameterNames) {
    for (String name : parameterNames) {
      if (name.startsWith("shared_memory_")) {
        throw Refusals.unsupported(field + ".parameters[" + Refusals.quote(name) + "]: " + REASON);
      }
    }
  }
}
