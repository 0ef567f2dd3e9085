// SPDX-License-Identifier: Apache-2.0
/**
 * TorchScript archives as data: read without running any of them, their linear layers made INT8,
 * written again.
 *
 * <p>{@link dev.sluice.models.torchscript.TorchScriptQuantizer} is the way in. An archive is a zip
 * of a pickle (the objects), of code in a subset of Python (their classes) and of raw weights. The
 * {@code Pickle*} classes know the first, the {@code Code*} classes the second.
 */
@NullMarked
package dev.sluice.models.torchscript;

import org.jspecify.annotations.NullMarked;
