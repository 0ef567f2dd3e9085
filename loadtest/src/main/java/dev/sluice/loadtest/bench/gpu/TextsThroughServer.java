// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.bench.gpu;

import dev.sluice.loadtest.bench.TextRate;
import dev.sluice.loadtest.load.LoadException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** From text to vector through gRPC, with the embedded model on the card, on this one machine. */
record TextsThroughServer(
    Path home,
    Path folder,
    boolean quick,
    LongSupplier nanoTime,
    Consumer<String> report,
    Consumer<String> progress) {
  private static final String DEVICE = "gpu:0";
  private static final int CALLERS = 256;
  private static final int TEXTS_OF_A_CALL = 32;

  /** The more of the two ways to ask; empty where it cannot be measured, which is said. */
  OptionalDouble perSecond() throws InterruptedException {
    report.accept("");
    report.accept("all-minilm-l6-v2 through gRPC, client and server on this machine");
    Path sluice = home.resolve("bin").resolve("sluice");
    if (!Files.isExecutable(sluice)) {
      report.accept("left out: this distribution has no server");
      return OptionalDouble.empty();
    }
    progress.accept("texts through gRPC");
    try (TextRate rate =
        new TextRate(sluice, folder.resolve("serve.log"), nanoTime, "--device", DEVICE)) {
      report.accept("variant " + rate.variant());
      double one = told(rate, 1);
      return OptionalDouble.of(Math.max(one, told(rate, TEXTS_OF_A_CALL)));
    } catch (IOException | LoadException e) {
      report.accept("left out: " + e.getMessage());
      return OptionalDouble.empty();
    }
  }

  private double told(TextRate rate, int textsOfACall) throws LoadException, InterruptedException {
    Duration time = Duration.ofSeconds(quick ? 1 : 5);
    progress.accept("texts through gRPC, %d a call".formatted(textsOfACall));
    double perSecond = rate.perSecond(CALLERS, textsOfACall, time, time);
    report.accept(
        String.format(
            Locale.ROOT,
            "%d callers, %2d texts a call  %10.0f texts/s",
            CALLERS,
            textsOfACall,
            perSecond));
    return perSecond;
  }
}
