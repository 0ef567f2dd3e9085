// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.probe;

import dev.sluice.models.child.ChildJvm;
import java.nio.file.Path;

/** How the child process of a probe is started. */
final class ProbeCommand {
  private ProbeCommand() {}

  static ProcessBuilder build(String loader, Path workFolder, Path spec, ProbeLimits limits) {
    return new ChildJvm(workFolder, limits.heapMegabytes())
        .shortLived()
        .build(ProbeMain.class, loader, spec.toString());
  }
}
