// SPDX-License-Identifier: Apache-2.0
@NullMarked
package dev.sluice.loadtest.wire;

import org.jspecify.annotations.NullMarked;
