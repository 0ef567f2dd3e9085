// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.bench.inprocess;

import dev.sluice.models.embedded.EmbeddedModel;
import dev.sluice.models.engine.EngineException;
import dev.sluice.models.serving.DjlModelLoader;
import dev.sluice.models.serving.TextEmbedder;
import dev.sluice.models.text.Truncation;
import dev.sluice.models.text.Vectors;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.HdrHistogram.Histogram;

/**
 * Runs batches on some lanes of the embedded model, from text to packed vectors: all that a program
 * does that embeds its texts itself. Driven by one thread; each lane has one of its own.
 */
final class BatchLoop implements AutoCloseable {
  private static final long LONGEST_NANOS = TimeUnit.MINUTES.toNanos(5);
  private static final int DIGITS = 3;
  private static final double NANOS_PER_MILLI = 1e6;

  private final TextEmbedder model;
  private final List<String> texts;
  private final LongSupplier nanoTime;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<Future<Histogram>> lanes = new ArrayList<>();
  private final LongAdder completed = new LongAdder();
  private volatile boolean recording;
  private volatile boolean running;

  BatchLoop(Path cache, List<String> texts, LongSupplier nanoTime) throws EngineException {
    this.model = (TextEmbedder) new DjlModelLoader().load(EmbeddedModel.allMiniLmL6V2(cache));
    this.texts = texts;
    this.nanoTime = nanoTime;
  }

  /** No more lanes than the model has: the others would wait in a server too. */
  void start(int callers, String sizes) {
    BatchSizes batches = BatchSizes.parse(sizes);
    completed.reset();
    recording = false;
    running = true;
    for (int lane = 0; lane < Math.min(callers, model.lanes()); lane++) {
      SizeDraw draw = new SizeDraw(batches, new SplittableRandom(lane));
      lanes.add(threads.submit(() -> runLane(draw)));
    }
  }

  void record() {
    recording = true;
  }

  long completed() {
    return completed.sum();
  }

  String stop() throws ExecutionException, InterruptedException {
    running = false;
    Histogram all = new Histogram(LONGEST_NANOS, DIGITS);
    for (Future<Histogram> lane : lanes) {
      all.add(lane.get());
    }
    lanes.clear();
    return String.format(
        Locale.ROOT,
        "%f %f",
        all.getValueAtPercentile(50) / NANOS_PER_MILLI,
        all.getValueAtPercentile(99) / NANOS_PER_MILLI);
  }

  private Histogram runLane(SizeDraw draw) throws Exception {
    Histogram nanos = new Histogram(LONGEST_NANOS, DIGITS);
    int next = 0;
    try (TextEmbedder.EmbedLane lane = model.newLane()) {
      while (running) {
        long start = nanoTime.getAsLong();
        int rows = draw.next();
        embed(lane, rows, next);
        next += rows;
        completed.add(rows);
        if (recording) {
          nanos.recordValue(Math.min(LONGEST_NANOS, nanoTime.getAsLong() - start));
        }
      }
    }
    return nanos;
  }

  private void embed(TextEmbedder.EmbedLane lane, int rows, int first) throws Exception {
    int[][] batch = new int[rows][];
    for (int row = 0; row < rows; row++) {
      String text = texts.get(Math.floorMod(first + row, texts.size()));
      batch[row] = model.tokenize(text, Truncation.END).ids();
    }
    int dimensions = model.dimensions();
    ByteBuffer packed =
        ByteBuffer.allocate(rows * dimensions * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (float[] vector : lane.run(batch)) {
      Vectors.write(Vectors.shape(vector, dimensions, true), packed);
    }
  }

  @Override
  public void close() {
    running = false;
    threads.shutdown();
    model.close();
  }
}
