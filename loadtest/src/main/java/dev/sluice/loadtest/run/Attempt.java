// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.run;

import io.grpc.Status;
import org.jspecify.annotations.Nullable;

/** One call from its send to its end, a link in the list of those that its {@link Desk} has. */
final class Attempt implements Carrier.Ended {
  final @Nullable Worker worker;
  final long intended;
  final long sent;
  final boolean counted;
  private final Desk desk;
  private Carrier.@Nullable Ongoing ongoing;
  private @Nullable Status cut;
  Attempt before = this;
  Attempt after = this;

  Attempt(Desk desk, @Nullable Worker worker, long intended, long sent, boolean counted) {
    this.desk = desk;
    this.worker = worker;
    this.intended = intended;
    this.sent = sent;
    this.counted = counted;
  }

  void began(Carrier.Ongoing call) {
    ongoing = call;
  }

  /** Asks for its end, once. */
  void cut(Status why) {
    if (cut == null && ongoing != null) {
      cut = why;
      ongoing.cancel(why);
    }
  }

  /** What its end was asked for with, if it was. */
  @Nullable Status cut() {
    return cut;
  }

  @Override
  public void ended(Status status) {
    desk.ended(this, status);
  }

  @Override
  public void resent() {
    desk.resent(this);
  }

  void linkBefore(Attempt other) {
    after = other;
    before = other.before;
    before.after = this;
    other.before = this;
  }

  void unlink() {
    before.after = after;
    after.before = before;
    before = this;
    after = this;
  }
}
