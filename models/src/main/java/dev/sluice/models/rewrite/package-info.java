// SPDX-License-Identifier: Apache-2.0
/**
 * Changes to ONNX graphs that leave what they compute as it is: fused blocks, folded constants,
 * pooling inside the graph.
 */
@NullMarked
package dev.sluice.models.rewrite;

import org.jspecify.annotations.NullMarked;
