// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.inference;

import dev.sluice.loadtest.run.Carrier;
import dev.sluice.loadtest.run.Fleet;
import dev.sluice.loadtest.run.Loop;
import io.grpc.Status;
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
            call.answers() instanceof AnswerCheck check ? new Checked(check, ended) : ended);
  }

  private record Checked(AnswerCheck check, Carrier.Ended ended) implements Carrier.Ended {
    @Override
    public void ended(Status status) {
      ended.ended(check.judged(status));
    }

    @Override
    public void resent() {
      ended.resent();
    }
  }
}
