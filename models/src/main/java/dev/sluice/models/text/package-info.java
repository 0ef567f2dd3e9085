// SPDX-License-Identifier: Apache-2.0
/** Texts to token ids, token vectors to one embedding. */
@NullMarked
package dev.sluice.models.text;

import org.jspecify.annotations.NullMarked;
