// SPDX-License-Identifier: Apache-2.0
/** ONNX models as graphs that can be read, changed and written. */
@NullMarked
package dev.sluice.models.onnx;

import org.jspecify.annotations.NullMarked;
