// SPDX-License-Identifier: Apache-2.0
/**
 * Sluice's own DJL engine for encoders on NVIDIA cards: finds an encoder's weights in an ONNX file
 * and runs it by Sluice's kernels, with nothing but the driver.
 */
@NullMarked
package dev.sluice.models.cuda;

import org.jspecify.annotations.NullMarked;
