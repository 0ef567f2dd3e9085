// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.core;

import dev.sluice.batching.NanoClock;
import dev.sluice.batching.Ticket;
import dev.sluice.server.telemetry.Telemetry;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * The {@link Inference} of a server: the embed path and the infer path over one table of models.
 */
public final class Core implements Inference {
  private final EmbedPath embedPath;
  private final InferPath inferPath;

  /**
   * @param catalog whose models answer
   * @param encodeThreads where texts are tokenized
   * @param errorIds makes an id for each failure that is logged
   * @param telemetry counts what reaches no model; the catalog's models bring their own meters
   */
  public Core(
      ModelCatalog catalog,
      Limits limits,
      NanoClock clock,
      Executor encodeThreads,
      Supplier<String> errorIds,
      Telemetry telemetry) {
    Problems problems = new Problems(errorIds, telemetry);
    Router router = new Router(catalog::table);
    Deadlines deadlines = new Deadlines(clock, limits, telemetry::limitHit);
    EncodePool encodePool = new EncodePool(encodeThreads, limits.maxEncodingInputs());
    this.embedPath =
        new EmbedPath(router, encodePool, deadlines, problems, clock, limits.maxInputsPerCall());
    this.inferPath =
        new InferPath(router, new TextInfer(embedPath, problems), deadlines, problems, clock);
  }

  @Override
  public Ticket infer(InferCall call, Reply<InferAnswer> reply) {
    return inferPath.infer(call, reply);
  }

  @Override
  public Ticket embed(EmbedCall call, Reply<EmbedAnswer> reply) {
    return embedPath.embed(call, reply);
  }
}
