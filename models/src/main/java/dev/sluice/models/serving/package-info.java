// SPDX-License-Identifier: Apache-2.0
/** A spec, loaded: what the server schedules work onto. */
@NullMarked
package dev.sluice.models.serving;

import org.jspecify.annotations.NullMarked;
