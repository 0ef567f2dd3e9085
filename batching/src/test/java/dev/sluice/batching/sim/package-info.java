// SPDX-License-Identifier: Apache-2.0
@NullMarked
package dev.sluice.batching.sim;

import org.jspecify.annotations.NullMarked;
