// SPDX-License-Identifier: Apache-2.0
/** What a model is, before it is loaded. */
@NullMarked
package dev.sluice.models.spec;

import org.jspecify.annotations.NullMarked;
