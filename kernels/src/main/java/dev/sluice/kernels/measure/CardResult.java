// SPDX-License-Identifier: Apache-2.0
package dev.sluice.kernels.measure;

import dev.sluice.kernels.encoder.Precision;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;

/**
 * What a card was found to do.
 *
 * @param encoders and {@code timings}: empty where they were not asked for
 * @param rivals empty where nobody could be compared with
 * @param completed whether all that was asked for could be run
 */
public record CardResult(
    List<KernelVerdict> kernels,
    List<EncoderVerdict> encoders,
    List<EncoderTiming> timings,
    List<RivalTiming> rivals,
    boolean completed) {
  static final String USUAL_LENGTH = "128";

  public CardResult {
    kernels = List.copyOf(kernels);
    encoders = List.copyOf(encoders);
    timings = List.copyOf(timings);
    rivals = List.copyOf(rivals);
  }

  public int kernelsThatAgree() {
    return (int) kernels.stream().filter(KernelVerdict::agrees).count();
  }

  public boolean agrees() {
    return completed
        && kernelsThatAgree() == kernels.size()
        && encoders.stream().allMatch(EncoderVerdict::agrees);
  }

  /** Of the matrix units, that BERT-base reaches in halves at 128 tokens. */
  public OptionalDouble ceilingShare() {
    return base(Precision.FP16, EncoderTiming::share);
  }

  /** How many times as fast INT8 is there. */
  public OptionalDouble bytesToHalves() {
    OptionalDouble halves = base(Precision.FP16, EncoderTiming::tokensPerSecond);
    OptionalDouble bytes = base(Precision.INT8, EncoderTiming::tokensPerSecond);
    return halves.isPresent() && bytes.isPresent()
        ? OptionalDouble.of(bytes.getAsDouble() / halves.getAsDouble())
        : OptionalDouble.empty();
  }

  /** How many times as fast Sluice is there as the rival. */
  public OptionalDouble speedup() {
    return rivals.stream()
        .filter(timing -> timing.model().equals(Extent.BASE))
        .filter(timing -> timing.lengths().equals(USUAL_LENGTH))
        .mapToDouble(RivalTiming::speedup)
        .findFirst();
  }

  private OptionalDouble base(Precision precision, ToDoubleFunction<EncoderTiming> figure) {
    return timings.stream()
        .filter(timing -> timing.model().equals(Extent.BASE))
        .filter(timing -> timing.precision() == precision)
        .filter(timing -> timing.lengths().equals(USUAL_LENGTH))
        .mapToDouble(figure)
        .findFirst();
  }
}
