// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.text;

/**
 * A text as the model sees it.
 *
 * @param ids token ids, special tokens included; not to be written to
 * @param truncated whether the text was cut to fit
 */
@SuppressWarnings("ArrayRecordComponent") // hot: one per input, never compared
public record TokenizedText(int[] ids, boolean truncated) {}
