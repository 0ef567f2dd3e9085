// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.core;

import java.util.Objects;

/**
 * A model as a request names it.
 *
 * @param name as in the catalog; may be empty for an embed call on a server with one such model
 * @param version empty for the newest that is ready
 * @param variant empty for the model's default
 */
public record ModelRef(String name, String version, String variant) {
  public ModelRef {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(version, "version");
    Objects.requireNonNull(variant, "variant");
  }
}
