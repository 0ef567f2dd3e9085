// SPDX-License-Identifier: Apache-2.0
@NullMarked
package dev.sluice.kernels.gpu;

import org.jspecify.annotations.NullMarked;
