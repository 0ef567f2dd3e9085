// SPDX-License-Identifier: Apache-2.0
/** Runs a model file: DJL's ONNX Runtime and PyTorch behind one small interface. */
@NullMarked
package dev.sluice.models.engine;

import org.jspecify.annotations.NullMarked;
