// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.torchscript;

import dev.sluice.models.torchscript.TorchScriptQuantizer.Progress;

/** Tells of one part of the work, which takes the whole from one share to another. */
record StepProgress(Progress listener, double from, double to) {

  /** Also where work stops when its thread is interrupted. */
  void at(String step, int done, int of) throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException("while quantizing");
    }
    listener.at(step, from + (to - from) * done / Math.max(1, of));
  }
}
