// SPDX-License-Identifier: Apache-2.0
/**
 * An encoder of the BERT family on a card: weights uploaded once, lanes that run packed batches.
 * Knows no file format; whoever has the weights brings them by their role.
 */
@NullMarked
package dev.sluice.kernels.encoder;

import org.jspecify.annotations.NullMarked;
