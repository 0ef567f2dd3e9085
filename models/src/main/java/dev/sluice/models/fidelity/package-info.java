// SPDX-License-Identifier: Apache-2.0
/** How near a variant of a model is to the model itself, measured. */
@NullMarked
package dev.sluice.models.fidelity;

import org.jspecify.annotations.NullMarked;
