// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.probe;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.models.child.ChildEnd;
import java.util.Optional;

/** Reads the outcome of a probe from the child's exit code and output. */
final class ProbeVerdict {
  private ProbeVerdict() {}

  static ProbeResult of(ChildEnd end, ProbeLimits limits) {
    if (end.signal().isPresent()) {
      return new ProbeResult.Failed(
          "the engine crashed while loading this model (signal " + end.signal().getAsInt() + ")");
    }
    if (end.ranOutOfHeap()) {
      return new ProbeResult.Failed(
          "loading this model needs more than " + limits.heapMegabytes() + " MB of Java heap");
    }
    Optional<JsonNode> verdict = end.verdict(ProbeMain.VERDICT);
    if (end.exit() != 0 || verdict.isEmpty()) {
      return new ProbeResult.Failed(
          "the process that tried to load this model ended with code "
              + end.exit()
              + " and said: "
              + end.lastLine());
    }
    return verdict.get().path("passed").asBoolean(false)
        ? ProbeResult.PASSED
        : new ProbeResult.Failed(ChildEnd.oneLine(verdict.get().path("reason").asText()));
  }
}
