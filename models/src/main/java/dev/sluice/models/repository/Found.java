// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.repository;

import dev.sluice.models.spec.ModelSpec;
import java.util.List;

/** What stands under one name in a model repository. */
public sealed interface Found {
  /** The folder's name, or the file's without its extension. Safe to print. */
  String name();

  /**
   * A model that passed every check that reading its files allows.
   *
   * @param specs one per served version, ascending; never empty
   */
  record Servable(String name, List<ModelSpec> specs) implements Found {
    public Servable {
      specs = List.copyOf(specs);
    }
  }

  /**
   * Not served.
   *
   * @param reason one line for the operator; may name files
   */
  record Refused(String name, String reason) implements Found {}
}
