// SPDX-License-Identifier: Apache-2.0
/** What inference requests are made of: texts and token ids, from files or made up. */
@NullMarked
package dev.sluice.loadtest.corpus;

import org.jspecify.annotations.NullMarked;
