// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.inference;

import dev.sluice.loadtest.run.Carrier;
import dev.sluice.loadtest.run.Fleet;
import dev.sluice.loadtest.run.Loop;
import java.util.List;

/** A fleet whose calls end well only if their answers are right. */
public record CheckedFleet(Fleet fleet) implements Fleet {
  @Override
  public List<Loop> loops() {
    return fleet.loops();
  }

  @Override
  public int connections() {
    return fleet.connections();
  }

  @Override
  public Carrier carrier(int loop) {
    Carrier carrier = fleet.carrier(loop);
    return (call, connection, ended) ->
        carrier.start(
            call,
            connection,
            call.answers() instanceof AnswerCheck check
                ? status -> ended.ended(check.judged(status))
                : ended);
  }
}
