// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.core;

import dev.sluice.batching.BatchRunner;
import dev.sluice.models.serving.TextEmbedder;
import dev.sluice.models.serving.TextEmbedder.EmbedLane;
import java.util.Arrays;
import java.util.List;

/** A lane of an embedding model, as the batcher sees it. */
record EmbedRunner(TextEmbedder model, EmbedLane lane) implements BatchRunner<int[], float[]> {
  @Override
  public List<float[]> run(List<int[]> payloads) throws Exception {
    return Arrays.asList(lane.run(payloads.toArray(int[][]::new)));
  }

  @Override
  public void check() throws Exception {
    model.check(lane);
  }

  @Override
  public void close() {
    lane.close();
  }
}
