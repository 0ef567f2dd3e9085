// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.bench.engine;

import dev.sluice.loadtest.bench.engine.Rate.Work;
import dev.sluice.models.engine.EngineException;
import dev.sluice.models.engine.Engines;
import dev.sluice.models.engine.Graph;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;

/** The machine's peaks, ready to be measured at any time. Driven by one thread. */
final class Peaks implements AutoCloseable {
  private final Graph fp32Graph;
  private final Graph int8Graph;
  private final List<Work> fp32;
  private final List<Work> int8;

  /**
   * @param folder for two small files
   */
  Peaks(Engines engines, Path folder, int cores) throws EngineException, IOException {
    fp32Graph = Peak.FP32.load(engines, folder);
    try {
      int8Graph = Peak.INT8.load(engines, folder);
    } catch (EngineException | IOException failed) {
      fp32Graph.close();
      throw failed;
    }
    fp32 = IntStream.range(0, cores).mapToObj(core -> Peak.FP32.work(fp32Graph)).toList();
    int8 = IntStream.range(0, cores).mapToObj(core -> Peak.INT8.work(int8Graph)).toList();
  }

  Ceiling measure(Rate rate, Duration time) throws ExecutionException, InterruptedException {
    return new Ceiling(
        rate.perSecond(fp32, time) * Peak.ops(), rate.perSecond(int8, time) * Peak.ops());
  }

  @Override
  public void close() {
    fp32.forEach(Work::close);
    int8.forEach(Work::close);
    fp32Graph.close();
    int8Graph.close();
  }
}
