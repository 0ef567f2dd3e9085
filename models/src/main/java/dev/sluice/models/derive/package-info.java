// SPDX-License-Identifier: Apache-2.0
/**
 * Variants of a model that are made from its own file, kept in a cache by what they were made of.
 */
@NullMarked
package dev.sluice.models.derive;

import org.jspecify.annotations.NullMarked;
