// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.cuda;

import dev.sluice.kernels.encoder.DeviceEncoder;
import dev.sluice.kernels.encoder.DeviceHead;
import dev.sluice.kernels.encoder.EncoderDims;
import dev.sluice.kernels.encoder.EncoderLane;
import dev.sluice.kernels.encoder.EncoderOutput;
import dev.sluice.kernels.encoder.PackedBatch;
import dev.sluice.kernels.gpu.Gpu;
import dev.sluice.kernels.gpu.GpuException;
import dev.sluice.kernels.launch.Pool.Pooling;
import dev.sluice.models.engine.EngineException;
import dev.sluice.models.onnx.OnnxModel;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/**
 * An encoder on a card, and the lanes that run it. For any number of threads: each run has a lane
 * to itself, and waits for one where all are busy. Closed when nobody runs any more.
 */
final class CardEncoder implements AutoCloseable {
  /** The name of pooled vectors. */
  private static final String POOLED = "sentence_embedding";

  private final Deque<AutoCloseable> open = new ArrayDeque<>();
  private final BlockingQueue<EncoderLane> lanes;
  private final EncoderOptions options;
  private final EncoderDims dims;
  private final boolean typed;
  private final String output;
  private final EncoderOutput given;

  private CardEncoder(ReadEncoder read, String name, int card, EncoderOptions options)
      throws EngineException {
    this.options = options;
    this.dims = read.dims();
    this.typed = read.typed();
    this.output = read.output();
    this.lanes = new ArrayBlockingQueue<>(options.lanes());
    boolean loaded = false;
    try {
      Cards.Lease lease = Cards.SHARED.take(card, options.cardMemory());
      open.push(lease);
      this.given = given(lease.gpu(), name, read.ending());
      requireRoom(lease.gpu(), name);
      DeviceEncoder encoder =
          DeviceEncoder.upload(
              lease.gpu(), name, dims, options.precision(), lease.kind(), read.weights());
      open.push(encoder);
      for (int i = 0; i < options.lanes(); i++) {
        EncoderLane lane = encoder.newLane("lane " + i, options.bounds(), given);
        open.push(lane);
        lanes.add(lane);
      }
      loaded = true;
    } catch (GpuException | IllegalArgumentException e) {
      throw new EngineException(String.valueOf(e.getMessage()), e);
    } finally {
      if (!loaded) {
        close();
      }
    }
  }

  /**
   * @param directory the model's own folder; nothing outside of it is read
   * @param card as {@code gpu:N} counts
   * @throws EngineException naming the node that is not an encoder's, or saying what is missing of
   *     the card or its memory, or how far its answers are from the file's; nothing stays taken
   */
  static CardEncoder load(Path directory, Path file, int card, EncoderOptions options)
      throws EngineException {
    ReadEncoder read = ReadEncoder.of(OnnxModel.read(directory, file), options.output());
    CardEncoder encoder = new CardEncoder(read, String.valueOf(file.getFileName()), card, options);
    boolean agrees = false;
    try {
      SelfCheck.require(encoder, directory, file);
      agrees = true;
      return encoder;
    } finally {
      if (!agrees) {
        encoder.close();
      }
    }
  }

  private EncoderOutput given(Gpu gpu, String name, Ending ending) throws EngineException {
    if (options.pooling().isPresent() && !(ending instanceof Ending.Tokens)) {
      throw new EngineException(
          "pooling must be none: %s has no vectors of tokens to pool".formatted(output));
    }
    return switch (ending) {
      case Ending.Tokens tokens ->
          options
              .pooling()
              .<EncoderOutput>map(pooling -> vectors(pooling, options.normalize()))
              .orElseGet(EncoderOutput.Tokens::new);
      case Ending.Pooled pooled -> vectors(pooled.pooling(), pooled.normalize());
      case Ending.Labels labels -> {
        DeviceHead head = DeviceHead.upload(gpu, name, dims, labels.read());
        open.push(head);
        yield new EncoderOutput.Labels(head);
      }
    };
  }

  private EncoderOutput vectors(Pooling pooling, boolean normalize) {
    return new EncoderOutput.Vectors(pooling, normalize, dims.hidden());
  }

  /**
   * For all that is to come, before any of it: a model that fits in part is of no use. A head,
   * which is little and said what it takes by itself, is there already.
   */
  private void requireRoom(Gpu gpu, String name) {
    long lane = EncoderLane.bytes(dims, options.precision(), options.bounds(), given);
    gpu.memory()
        .requireFree(
            "weights and %d lane(s) of %s".formatted(options.lanes(), name),
            DeviceEncoder.weightBytes(dims, options.precision()) + options.lanes() * lane);
  }

  /**
   * Row after row: one per sequence, or one per token.
   *
   * @throws IllegalArgumentException where the batch is none, or too large
   * @throws GpuException where the card failed
   */
  float[] run(PackedBatch batch) throws InterruptedException {
    EncoderLane lane = lanes.take();
    try {
      return lane.run(batch);
    } finally {
      lanes.add(lane);
    }
  }

  EncoderOptions options() {
    return options;
  }

  /** Components of a row. */
  int width() {
    return given.width(dims);
  }

  int layers() {
    return dims.layers();
  }

  int words() {
    return dims.words();
  }

  int types() {
    return dims.types();
  }

  /** What it gives, as lanes know it. */
  EncoderOutput given() {
    return given;
  }

  /** Whether it gives a row for each token, rather than one per sequence. */
  boolean perToken() {
    return given instanceof EncoderOutput.Tokens;
  }

  /** Whether it is told each token's type. */
  boolean typed() {
    return typed;
  }

  /** The name of what it gives. */
  String output() {
    return options.pooling().isPresent() ? POOLED : output;
  }

  /** The output of the model's file that it makes that of. */
  String fileOutput() {
    return output;
  }

  /** The longest sequence. */
  int longest() {
    return Math.min(dims.positions(), options.bounds().tokens());
  }

  @Override
  public void close() {
    while (!open.isEmpty()) {
      close(open.pop());
    }
  }

  private static void close(AutoCloseable closeable) {
    try {
      closeable.close();
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new AssertionError("nothing here throws a checked exception", e);
    }
  }
}
