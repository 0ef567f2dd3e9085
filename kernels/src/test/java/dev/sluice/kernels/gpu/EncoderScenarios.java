// SPDX-License-Identifier: Apache-2.0
package dev.sluice.kernels.gpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.kernels.check.DrawnEncoder;
import dev.sluice.kernels.check.ReferenceEncoder;
import dev.sluice.kernels.encoder.DeviceEncoder;
import dev.sluice.kernels.encoder.DeviceHead;
import dev.sluice.kernels.encoder.EncoderDims;
import dev.sluice.kernels.encoder.EncoderLane;
import dev.sluice.kernels.encoder.EncoderOutput;
import dev.sluice.kernels.encoder.EncoderWeights;
import dev.sluice.kernels.encoder.HeadWeights;
import dev.sluice.kernels.encoder.LaneBounds;
import dev.sluice.kernels.encoder.PackedBatch;
import dev.sluice.kernels.encoder.Precision;
import dev.sluice.kernels.launch.Head.Activation;
import dev.sluice.kernels.launch.Pool.Pooling;
import dev.sluice.kernels.launch.Product;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** A whole encoder, small enough for an emulated card. */
final class EncoderScenarios {
  private static final EncoderDims DIMS = new EncoderDims(2, 64, 2, 128, 50, 80, 2, 1e-12f);
  private static final EncoderWeights WEIGHTS = DrawnEncoder.weights(DIMS, new SplittableRandom(7));
  private static final float LOUD = 30;
  private static final LaneBounds BOUNDS = new LaneBounds(200, 8);
  private static final EncoderOutput MEAN = new EncoderOutput.Vectors(Pooling.MEAN, true, 64);

  /** Lengths on both sides of a tile of attention, types of both kinds. */
  private static final PackedBatch BATCH = batch(70, 1, 13, 64);

  private EncoderScenarios() {}

  static void halvesAgreeWithTheReference() {
    for (EncoderOutput output : outputs()) {
      assertThat(run(Precision.FP16, output, BATCH)).satisfies(rows -> near(rows, output, 2e-3));
    }
  }

  static void bytesAgreeWithTheReference() {
    for (EncoderOutput output : outputs()) {
      assertThat(run(Precision.INT8, output, BATCH)).satisfies(rows -> near(rows, output, 0.1));
    }
  }

  /** To one label, two and many; each sequence the same alone, in halves and in bytes. */
  static void headsAgreeWithTheReference() {
    Map<Integer, Activation> heads =
        Map.of(1, Activation.TANH, 2, Activation.RELU, 70, Activation.GELU);
    try (Gpu gpu = Emulated.open();
        DeviceEncoder halves = upload(gpu, Precision.FP16, WEIGHTS);
        DeviceEncoder bytes = upload(gpu, Precision.INT8, WEIGHTS)) {
      heads.forEach(
          (labels, activation) -> {
            HeadWeights weights =
                DrawnEncoder.head(DIMS, activation, labels, new SplittableRandom(labels));
            float[] expected = new ReferenceEncoder(DIMS, WEIGHTS).run(BATCH, weights);
            try (DeviceHead head = DeviceHead.upload(gpu, "tiny", DIMS, weights)) {
              assertThat(labels(halves, head)).satisfies(got -> near(got, expected, 4e-3));
              assertThat(labels(bytes, head)).satisfies(got -> near(got, expected, 0.1));
            }
          });
    }
  }

  private static float[] labels(DeviceEncoder encoder, DeviceHead head) {
    int count = head.count();
    try (EncoderLane lane = encoder.newLane("lane 0", BOUNDS, new EncoderOutput.Labels(head))) {
      assertThat(lane.width()).isEqualTo(count);
      float[] together = lane.run(BATCH);
      for (int i = 0; i < BATCH.sequences(); i++) {
        assertThat(lane.run(alone(i)))
            .as("sequence %d alone", i)
            .containsExactly(Arrays.copyOfRange(together, i * count, (i + 1) * count));
      }
      return together;
    }
  }

  static void headsAreBounded() {
    try (Gpu gpu = Emulated.open()) {
      wrongHead(gpu, 1025, 1, "labels must be 1 to 1024, not 1025");
      wrongHead(gpu, 0, 1, "labels must be 1 to 1024, not 0");
      wrongHead(gpu, 3, 70_000, "head, labels: 70000.0 is not a number of at most 65504.0");
      assertThat(gpu.memory().used()).isZero();
    }
  }

  private static void wrongHead(Gpu gpu, int labels, float weight, String why) {
    HeadWeights drawn = DrawnEncoder.head(DIMS, Activation.TANH, labels, new SplittableRandom(1));
    FloatBuffer weights = FloatBuffer.allocate(labels * 64);
    if (labels > 0) {
      weights.put(5, weight);
    }
    HeadWeights wrong =
        new HeadWeights(
            drawn.dense(),
            drawn.activation(),
            new EncoderWeights.Linear(weights, drawn.labels().bias()));
    assertThatThrownBy(() -> DeviceHead.upload(gpu, "tiny", DIMS, wrong))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(why);
  }

  /** The error of all together, as a share of their size. */
  private static void near(float[] got, float[] expected, double most) {
    assertThat(got).hasSameSizeAs(expected);
    double error = 0;
    double size = 0;
    for (int i = 0; i < got.length; i++) {
      error += Math.pow(got[i] - (double) expected[i], 2);
      size += Math.pow(expected[i], 2);
    }
    assertThat(Math.sqrt(error / size)).isLessThan(most);
  }

  /** As real encoders have them: by one scale for all, little of the other channels is left. */
  static void loudChannelsLeaveStepsToTheRest() {
    EncoderWeights loud = withLoudChannels();
    EncoderOutput tokens = new EncoderOutput.Tokens();
    float[] expected = new ReferenceEncoder(DIMS, loud).run(BATCH, tokens);
    try (Gpu gpu = Emulated.open();
        DeviceEncoder encoder = upload(gpu, Precision.INT8, loud);
        EncoderLane lane = encoder.newLane("lane 0", BOUNDS, tokens)) {
      near(theRest(lane.run(BATCH)), theRest(expected), 64, 0.01);
    }
  }

  private static float[] theRest(float[] rows) {
    for (int i = 0; i < rows.length; i++) {
      rows[i] = isLoud(i) ? 0 : rows[i];
    }
    return rows;
  }

  private static boolean isLoud(int place) {
    int channel = place % DIMS.hidden();
    return channel == 3 || channel == 40;
  }

  /** Two channels of what is quantized are thirty times the rest, and weigh no more than it. */
  private static EncoderWeights withLoudChannels() {
    List<EncoderWeights.Layer> layers = new ArrayList<>();
    for (int i = 0; i < DIMS.layers(); i++) {
      EncoderWeights.Layer layer = WEIGHTS.layers().get(i);
      boolean last = i == DIMS.layers() - 1;
      layers.add(
          new EncoderWeights.Layer(
              scaled(layer.qkv(), 1 / LOUD),
              layer.attended(),
              scaled(layer.attentionNorm(), LOUD),
              scaled(layer.up(), 1 / LOUD),
              layer.down(),
              last ? layer.outputNorm() : scaled(layer.outputNorm(), LOUD)));
    }
    return new EncoderWeights(
        WEIGHTS.words(),
        WEIGHTS.positions(),
        WEIGHTS.types(),
        scaled(WEIGHTS.norm(), LOUD),
        layers);
  }

  private static EncoderWeights.Norm scaled(EncoderWeights.Norm norm, float factor) {
    return new EncoderWeights.Norm(scaled(norm.gain(), factor), scaled(norm.shift(), factor));
  }

  private static EncoderWeights.Linear scaled(EncoderWeights.Linear linear, float factor) {
    return new EncoderWeights.Linear(scaled(linear.weight(), factor), linear.bias());
  }

  private static FloatBuffer scaled(FloatBuffer rows, float factor) {
    FloatBuffer scaled = FloatBuffer.allocate(rows.remaining());
    for (int i = 0; i < scaled.limit(); i++) {
      scaled.put(i, rows.get(rows.position() + i) * (isLoud(i) ? factor : 1));
    }
    return scaled;
  }

  static void companyChangesNothing() {
    for (Precision precision : Precision.values()) {
      onLane(
          precision,
          MEAN,
          lane -> {
            float[] together = lane.run(BATCH);
            for (int i = 0; i < BATCH.sequences(); i++) {
              assertThat(lane.run(alone(i)))
                  .as("sequence %d alone, %s", i, precision)
                  .containsExactly(Arrays.copyOfRange(together, i * 64, (i + 1) * 64));
            }
          });
    }
  }

  static void lanesShareWeights() throws Exception {
    try (Gpu gpu = Emulated.open();
        DeviceEncoder encoder = upload(gpu, Precision.FP16, WEIGHTS);
        EncoderLane first = encoder.newLane("lane 0", BOUNDS, MEAN);
        EncoderLane second = encoder.newLane("lane 1", BOUNDS, MEAN);
        ExecutorService threads = Executors.newFixedThreadPool(2)) {
      long lane = EncoderLane.bytes(DIMS, Precision.FP16, BOUNDS, MEAN);
      assertThat(gpu.memory().used())
          .isEqualTo(DeviceEncoder.weightBytes(DIMS, Precision.FP16) + 2 * lane);
      List<Callable<float[]>> runs = List.of(() -> first.run(BATCH), () -> second.run(BATCH));
      List<Future<float[]>> results = threads.invokeAll(runs);
      assertThat(results.get(0).get()).containsExactly(results.get(1).get());
    }
  }

  static void badBatchesNeverReachTheCard() {
    onLane(
        Precision.FP16,
        MEAN,
        lane -> {
          refused(lane, batch(80, 80, 41), "a batch of 201 tokens in 3 sequences is beyond");
          refused(lane, batch(1, 1, 1, 1, 1, 1, 1, 1, 1), "a batch of 9 tokens in 9 sequences");
          refused(lane, batch(81), "sequence 0 has 81 tokens, not 1 to 80");
          refused(lane, batch(3, 0), "sequence 1 has 0 tokens, not 1 to 80");
          refused(lane, PackedBatch.of(new int[] {1, 50}), "token id 50 at place 1 is not in 0");
          refused(lane, PackedBatch.of(new int[] {-1}), "token id -1 at place 0 is not in 0 to 49");
          refused(
              lane,
              new PackedBatch(new int[] {1}, new int[] {2}, new int[] {0, 1}),
              "token type 2 at place 0 is not in 0 to 1");
          refused(
              lane,
              new PackedBatch(new int[] {1, 2}, new int[0], new int[] {0, 1}),
              "the last sequence ends where the ids do");
          assertThat(lane.run(batch(80, 80, 40))).hasSize(3 * 64);
        });
  }

  static void weightsThatDoNotFit() {
    try (Gpu gpu = Emulated.open()) {
      EncoderWeights unreadable =
          new EncoderWeights(
              FloatBuffer.allocate(0),
              WEIGHTS.positions(),
              WEIGHTS.types(),
              WEIGHTS.norm(),
              WEIGHTS.layers());
      assertThatThrownBy(() -> upload(gpu, Precision.FP16, unreadable))
          .isInstanceOf(GpuMemoryException.class)
          .hasMessage(
              "weights of tiny: 150.5 KiB of device memory needed,"
                  + " 100.0 KiB of the card's 100.0 KiB free");
      assertThat(gpu.memory().used()).isZero();
    }
  }

  static void wrongWeightsAreNamed() {
    try (Gpu gpu = Emulated.open()) {
      EncoderWeights.Layer layer = WEIGHTS.layers().get(1);
      FloatBuffer large = FloatBuffer.allocate(128 * 64).put(77, 70_000);
      EncoderWeights.Layer loud =
          new EncoderWeights.Layer(
              layer.qkv(),
              layer.attended(),
              layer.attentionNorm(),
              new EncoderWeights.Linear(large, layer.up().bias()),
              layer.down(),
              layer.outputNorm());
      wrong(gpu, loud, "layer 1, feed-forward up: 70000.0 is not a number of at most 65504.0");
      EncoderWeights.Layer narrow =
          new EncoderWeights.Layer(
              layer.qkv(),
              layer.attended(),
              new EncoderWeights.Norm(FloatBuffer.allocate(63), layer.attentionNorm().shift()),
              layer.up(),
              layer.down(),
              layer.outputNorm());
      wrong(gpu, narrow, "layer 1, norm of attention, gain: 63 numbers, not 64");
      assertThat(gpu.memory().used()).isZero();
    }
  }

  static void aFaultWhileRunning() {
    Gpu gpu = Emulated.open();
    EncoderLane lane = upload(gpu, Precision.FP16, WEIGHTS).newLane("lane 0", BOUNDS, MEAN);
    assertThatThrownBy(() -> lane.run(BATCH))
        .isInstanceOf(GpuOutOfServiceException.class)
        .hasMessageContaining("stream tiny, lane 0")
        .hasMessageContaining("graph for SizeBucket");
    assertThat(gpu.outOfService()).isPresent();
    gpu.close();
  }

  private static List<EncoderOutput> outputs() {
    return List.of(
        MEAN,
        new EncoderOutput.Vectors(Pooling.FIRST_TOKEN, false, 48),
        new EncoderOutput.Tokens());
  }

  private interface Use {
    void of(EncoderLane lane);
  }

  private static void onLane(Precision precision, EncoderOutput output, Use use) {
    try (Gpu gpu = Emulated.open();
        DeviceEncoder encoder = upload(gpu, precision, WEIGHTS);
        EncoderLane lane = encoder.newLane("lane 0", BOUNDS, output)) {
      use.of(lane);
    }
  }

  private static float[] run(Precision precision, EncoderOutput output, PackedBatch batch) {
    float[][] rows = new float[1][];
    onLane(precision, output, lane -> rows[0] = lane.run(batch));
    return rows[0];
  }

  private static DeviceEncoder upload(Gpu gpu, Precision precision, EncoderWeights weights) {
    return DeviceEncoder.upload(gpu, "tiny", DIMS, precision, Product.Kind.WARP, weights);
  }

  private static void refused(EncoderLane lane, PackedBatch batch, String why) {
    assertThatThrownBy(() -> lane.run(batch))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(why);
  }

  private static void wrong(Gpu gpu, EncoderWeights.Layer second, String why) {
    EncoderWeights weights =
        new EncoderWeights(
            WEIGHTS.words(),
            WEIGHTS.positions(),
            WEIGHTS.types(),
            WEIGHTS.norm(),
            List.of(WEIGHTS.layers().get(0), second));
    assertThatThrownBy(() -> upload(gpu, Precision.FP16, weights))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(why);
  }

  private static PackedBatch batch(int... lengths) {
    SplittableRandom random = new SplittableRandom(lengths.length);
    int[][] sequences = new int[lengths.length][];
    Arrays.setAll(sequences, i -> random.ints(lengths[i], 0, DIMS.words()).toArray());
    PackedBatch batch = PackedBatch.of(sequences);
    int[] types = random.ints(batch.tokens(), 0, DIMS.types()).toArray();
    return new PackedBatch(batch.ids(), types, batch.starts());
  }

  private static PackedBatch alone(int sequence) {
    int from = BATCH.starts()[sequence];
    int to = BATCH.starts()[sequence + 1];
    return new PackedBatch(
        Arrays.copyOfRange(BATCH.ids(), from, to),
        Arrays.copyOfRange(BATCH.types(), from, to),
        new int[] {0, to - from});
  }

  /** The error of each row, as a share of the row's length. */
  private static void near(float[] rows, EncoderOutput output, double most) {
    float[] expected = new ReferenceEncoder(DIMS, WEIGHTS).run(BATCH, output);
    near(rows, expected, output.width(DIMS), most);
  }

  private static void near(float[] rows, float[] expected, int width, double most) {
    assertThat(rows).hasSameSizeAs(expected);
    for (int from = 0; from < rows.length; from += width) {
      double error = 0;
      double length = 0;
      for (int i = from; i < from + width; i++) {
        error += Math.pow(rows[i] - (double) expected[i], 2);
        length += Math.pow(expected[i], 2);
      }
      assertThat(Math.sqrt(error / length)).as("row %d", from / width).isLessThan(most);
    }
  }
}
