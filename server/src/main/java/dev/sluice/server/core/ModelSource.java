// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.core;

import dev.sluice.models.repository.Found;
import java.util.List;
import java.util.Optional;

/** Where models come from: repositories on disk, or the model that Sluice carries with it. */
public interface ModelSource {
  /** Every model that is there now, by name. */
  List<Found> scan();

  /** One model as it is now; empty if there is none of that name. */
  Optional<Found> find(String name);
}
