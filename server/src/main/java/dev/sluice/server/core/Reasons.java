// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.core;

import dev.sluice.models.spec.ModelSpec;

/**
 * Makes of what the operator is told what clients may be told: they list the repository and so read
 * why a model is not served, but where its files lie on this machine is not theirs to know.
 */
final class Reasons {
  private Reasons() {}

  /** Paths in the model's own folder become relative to it. */
  static String forClients(ModelSpec spec, String reason) {
    String folder = spec.directory().toAbsolutePath().toString();
    return forClients(reason.replace(folder + "/", "").replace(folder, "the model's folder"));
  }

  /** Of every path on this machine only the last name stays. */
  static String forClients(String reason) {
    return HostPaths.hide(reason);
  }
}
