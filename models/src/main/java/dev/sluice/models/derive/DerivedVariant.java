// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.derive;

import dev.sluice.models.fidelity.Fidelity;
import dev.sluice.models.spec.ModelSpec;

/**
 * A variant that lies ready in the cache, with what was measured of it.
 *
 * @param name as requests spell it, for example {@code int8}
 * @param spec loads it: the model's own spec with the derived file in place of its file
 */
public record DerivedVariant(String name, ModelSpec spec, Fidelity fidelity) {}
