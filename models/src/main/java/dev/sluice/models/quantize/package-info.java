// SPDX-License-Identifier: Apache-2.0
/**
 * Makes INT8 models of FP32 models: which matrices to quantize, with which scales, and the nodes
 * that compute with them. What is known of the activations comes from running the model itself.
 */
@NullMarked
package dev.sluice.models.quantize;

import org.jspecify.annotations.NullMarked;
