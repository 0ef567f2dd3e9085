// SPDX-License-Identifier: Apache-2.0
package dev.sluice.kernels.measure;

import dev.sluice.kernels.gpu.GpuStopwatch;
import dev.sluice.kernels.gpu.GpuStream;
import dev.sluice.kernels.gpu.PreparedLaunch;
import dev.sluice.kernels.launch.Launch;
import java.util.List;

/** What a stream is given, as work that can be measured in turns with other work. */
record StreamTimer(GpuStream stream, GpuStopwatch stopwatch) {

  /** Launches that belong together, in this order. */
  Turns.Work launches(List<Launch> launches) {
    List<PreparedLaunch> prepared = launches.stream().map(stream::prepare).toList();
    return given(() -> prepared.forEach(stream::launch));
  }

  /**
   * @param once gives the stream what is timed, and waits for nothing
   */
  Turns.Work given(Runnable once) {
    return new Turns.Work(repeats -> stopwatch.millis(stream, () -> repeat(once, repeats)));
  }

  private static void repeat(Runnable once, int repeats) {
    for (int i = 0; i < repeats; i++) {
      once.run();
    }
  }
}
