// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.shared;

import java.util.Collection;

/** Shared memory regions, which this server does not map: a client could hand in any address. */
public final class SharedMemory {
  public static final String REASON =
      "shared memory regions are not offered; send tensors in raw_input_contents";

  private SharedMemory() {}

  public static void refuse(String field, Collection<String> parameterNames) {
    for (String name : parameterNames) {
      if (name.startsWith("shared_memory_")) {
        throw Refusals.unsupported(field + ".parameters[" + Refusals.quote(name) + "]: " + REASON);
      }
    }
  }
}
