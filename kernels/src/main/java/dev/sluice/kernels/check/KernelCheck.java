// SPDX-License-Identifier: Apache-2.0
package dev.sluice.kernels.check;

import dev.sluice.kernels.launch.Device;
import dev.sluice.kernels.launch.Product.Kind;
import dev.sluice.kernels.launch.TopK;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Compares a kernel with its reference on random data of random size. Stateless.
 *
 * <p>Each looks at the same things: right numbers; nothing written beside the result, and no input
 * changed, though what lies behind them is NaN; and the same bits for the same row or sequence
 * alone, in company, and in a launch sized for more.
 */
public interface KernelCheck {
  /** Of the kernel. */
  String name();

  /**
   * Runs the kernel and compares.
   *
   * @return the largest error, as a share of what is tolerated
   * @throws DisagreementException where kernel and reference disagree
   */
  double run(Device device, RandomGenerator random);

  /** Of everything that a card of any kind runs. */
  static List<KernelCheck> all() {
    return List.of(
        new EmbedCheck(),
        new NormCheck(),
        new QuantizeCheck(),
        new HalfProductCheck(Kind.WARP),
        new ByteProductCheck(Kind.WARP),
        new AttentionCheck(32),
        new AttentionCheck(64),
        new PoolCheck(),
        new HeadCheck(),
        new TopKCheck(TopK.Element.F16),
        new TopKCheck(TopK.Element.S8));
  }

  /** Of what cards of compute capability 9.0 run besides. */
  static List<KernelCheck> hopper() {
    return List.of(new HalfProductCheck(Kind.WARPGROUP), new ByteProductCheck(Kind.WARPGROUP));
  }
}
