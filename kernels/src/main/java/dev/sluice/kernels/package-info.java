// SPDX-License-Identifier: Apache-2.0
/** What runs on NVIDIA cards through the driver alone. JCuda's types stay inside. */
@NullMarked
package dev.sluice.kernels;

import org.jspecify.annotations.NullMarked;
