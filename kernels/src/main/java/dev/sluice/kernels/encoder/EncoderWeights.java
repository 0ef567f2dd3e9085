// SPDX-License-Identifier: Apache-2.0
package dev.sluice.kernels.encoder;

import java.nio.FloatBuffer;
import java.util.List;

/**
 * An encoder's weights in host memory. Remaining elements of buffers count; none is changed, their
 * positions included.
 *
 * @param words {@code [words, hidden]}
 * @param positions {@code [positions, hidden]}
 * @param types {@code [types, hidden]}; empty where there are no types
 * @param norm of the sum of the three
 * @param layers may make each when it is asked for: they are asked for in order, once
 */
public record EncoderWeights(
    FloatBuffer words, FloatBuffer positions, FloatBuffer types, Norm norm, List<Layer> layers) {

  /** Gain and shift of a LayerNorm, {@code [hidden]} each. */
  public record Norm(FloatBuffer gain, FloatBuffer shift) {}

  /**
   * {@code y = x weight^T + bias}.
   *
   * @param weight {@code [n, k]}: one row per output channel
   * @param bias {@code [n]}
   */
  public record Linear(FloatBuffer weight, FloatBuffer bias) {}

  /**
   * One block.
   *
   * @param qkv queries, then keys, then values: {@code [3 hidden, hidden]}
   * @param attended of what attention gives: {@code [hidden, hidden]}
   * @param up {@code [feedForward, hidden]}, followed by GELU (by the error function)
   * @param down {@code [hidden, feedForward]}
   */
  public record Layer(
      Linear qkv, Linear attended, Norm attentionNorm, Linear up, Linear down, Norm outputNorm) {}
}
