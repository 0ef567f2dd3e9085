// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.run;

import io.grpc.Status;

/** What a call ends with whose answer came and is wrong. It comes from no server. */
public final class WrongAnswer extends Exception {
  private static final long serialVersionUID = 1L;

  private final String what;

  private WrongAnswer(String what) {
    super(what, null, false, false);
    this.what = what;
  }

  /**
   * @param what is wrong with it, in one line; there are few different ones
   */
  public static Status status(String what) {
    return Status.DATA_LOSS.withDescription("golden: " + what).withCause(new WrongAnswer(what));
  }

  String what() {
    return what;
  }
}
