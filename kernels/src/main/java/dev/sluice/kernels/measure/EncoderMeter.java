// SPDX-License-Identifier: Apache-2.0
package dev.sluice.kernels.measure;

import dev.sluice.kernels.check.DrawnEncoder;
import dev.sluice.kernels.encoder.DeviceEncoder;
import dev.sluice.kernels.encoder.EncoderDims;
import dev.sluice.kernels.encoder.EncoderLane;
import dev.sluice.kernels.encoder.EncoderOutput;
import dev.sluice.kernels.encoder.EncoderWeights;
import dev.sluice.kernels.encoder.LaneBounds;
import dev.sluice.kernels.encoder.PackedBatch;
import dev.sluice.kernels.encoder.Precision;
import dev.sluice.kernels.gpu.Gpu;
import dev.sluice.kernels.gpu.GpuStopwatch;
import dev.sluice.kernels.launch.Pool.Pooling;
import dev.sluice.kernels.launch.Product.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Times encoders of a model's sizes, whose weights mean nothing: both precisions and all lengths in
 * turns. For one thread.
 */
final class EncoderMeter {
  private static final String MIXED = "mixed";

  private final Gpu gpu;
  private final GpuStopwatch stopwatch;
  private final Extent extent;
  private final Kind kind;
  private final RandomGenerator random;

  EncoderMeter(Gpu gpu, GpuStopwatch stopwatch, Extent extent, Kind kind, RandomGenerator random) {
    this.gpu = gpu;
    this.stopwatch = stopwatch;
    this.extent = extent;
    this.kind = kind;
    this.random = random;
  }

  @SuppressWarnings("ArrayRecordComponent") // nobody compares two of them
  private record Case(String words, int[] lengths, PackedBatch batch) {
    /** To compile for a size takes others long. */
    boolean forRivals() {
      return words.equals(CardResult.USUAL_LENGTH) || words.equals(MIXED);
    }
  }

  /**
   * What was found.
   *
   * @param rivals empty where there was none, or it gave up
   */
  record Measured(List<EncoderTiming> timings, List<RivalTiming> rivals) {}

  /**
   * @param rival to be measured in the same turns, open
   */
  Measured measure(Extent.Model model, Ceilings ceilings, Optional<RivalTurns> rival) {
    EncoderDims dims = model.dims();
    EncoderWeights weights = weights(dims);
    EncoderOutput output = new EncoderOutput.Vectors(Pooling.MEAN, true, dims.hidden());
    List<Case> cases = cases(model);
    LaneBounds bounds = bounds(cases);
    try (DeviceEncoder halves = upload(model, Precision.FP16, weights);
        DeviceEncoder bytes = upload(model, Precision.INT8, weights);
        EncoderLane halvesLane = halves.newLane("timing", bounds, output);
        EncoderLane bytesLane = bytes.newLane("timing", bounds, output)) {
      List<Turns.Work> works = new ArrayList<>();
      for (EncoderLane lane : List.of(halvesLane, bytesLane)) {
        for (Case each : cases) {
          works.add(new Turns.Work(repeats -> lane.millis(each.batch, stopwatch, repeats)));
        }
      }
      List<Case> shared = cases.stream().filter(Case::forRivals).toList();
      rival.ifPresent(
          other ->
              shared.forEach(
                  each -> {
                    other.prepare(each.words, each.lengths);
                    works.add(other.work(each.words));
                  }));
      List<Timing> timings = extent.turns().measure(works);
      int half = cases.size();
      List<Timing> ours = timings.subList(0, half);
      List<EncoderTiming> all = new ArrayList<>();
      all.addAll(told(model, Precision.FP16, cases, ours, ceilings));
      all.addAll(told(model, Precision.INT8, cases, timings.subList(half, 2 * half), ceilings));
      List<RivalTiming> rivals = new ArrayList<>();
      if (rival.isPresent() && !rival.get().gaveUp()) {
        for (int i = 0; i < shared.size(); i++) {
          Case each = shared.get(i);
          Timing theirs = timings.get(2 * half + i);
          rivals.add(
              new RivalTiming(
                  rival.get().name(),
                  model.name(),
                  each.words,
                  ours.get(cases.indexOf(each)),
                  theirs));
        }
      }
      return new Measured(List.copyOf(all), List.copyOf(rivals));
    }
  }

  private DeviceEncoder upload(Extent.Model model, Precision precision, EncoderWeights weights) {
    return DeviceEncoder.upload(gpu, model.name(), model.dims(), precision, kind, weights);
  }

  /** All layers are alike: to draw each would take longer than to measure all. */
  private EncoderWeights weights(EncoderDims dims) {
    EncoderDims one =
        new EncoderDims(
            1,
            dims.hidden(),
            dims.heads(),
            dims.feedForward(),
            dims.words(),
            dims.positions(),
            dims.types(),
            dims.epsilon());
    EncoderWeights drawn = DrawnEncoder.weights(one, random);
    return new EncoderWeights(
        drawn.words(),
        drawn.positions(),
        drawn.types(),
        drawn.norm(),
        Collections.nCopies(dims.layers(), drawn.layers().getFirst()));
  }

  /** Mixed lengths come last. */
  private List<Case> cases(Extent.Model model) {
    List<Case> cases = new ArrayList<>();
    for (int length : model.lengths()) {
      int[] lengths = new int[Math.max(1, extent.tokens() / length)];
      Arrays.fill(lengths, length);
      cases.add(drawn(Integer.toString(length), lengths, model.dims()));
    }
    cases.add(drawn(MIXED, mixed(model), model.dims()));
    return cases;
  }

  /** From the shortest to the longest, short ones more often: each doubling is as likely. */
  private int[] mixed(Extent.Model model) {
    double least = Math.log(model.lengths().getFirst());
    double most = Math.log(model.lengths().getLast());
    List<Integer> lengths = new ArrayList<>();
    for (int left = extent.tokens(); left > 0; left -= lengths.getLast()) {
      int length = (int) Math.round(Math.exp(random.nextDouble(least, most)));
      lengths.add(Math.min(length, left));
    }
    return lengths.stream().mapToInt(Integer::intValue).toArray();
  }

  private Case drawn(String words, int[] lengths, EncoderDims dims) {
    int[][] sequences =
        Arrays.stream(lengths)
            .mapToObj(length -> random.ints(length, 0, dims.words()).toArray())
            .toArray(int[][]::new);
    return new Case(words, lengths, PackedBatch.of(sequences));
  }

  private static LaneBounds bounds(List<Case> cases) {
    return new LaneBounds(
        cases.stream().mapToInt(each -> each.batch.tokens()).max().orElseThrow(),
        cases.stream().mapToInt(each -> each.batch.sequences()).max().orElseThrow());
  }

  private List<EncoderTiming> told(
      Extent.Model model,
      Precision precision,
      List<Case> cases,
      List<Timing> timings,
      Ceilings ceilings) {
    UnpaddedIdeal ideal = new UnpaddedIdeal();
    List<EncoderTiming> told = new ArrayList<>();
    for (int i = 0; i < cases.size(); i++) {
      Case each = cases.get(i);
      Timing timing = timings.get(i);
      boolean mixed = i == cases.size() - 1;
      if (!mixed) {
        ideal.add(model.lengths().get(i), timing.millis() / each.batch.tokens());
      }
      double least =
          1e3 * EncoderTiming.idealSeconds(model.dims(), precision, each.lengths, ceilings);
      told.add(
          new EncoderTiming(
              model.name(),
              precision,
              each.words,
              each.batch.tokens(),
              each.batch.sequences(),
              timing,
              least / timing.millis(),
              mixed ? timing.millis() / ideal.millis(each.lengths) : Double.NaN));
    }
    return told;
  }
}
