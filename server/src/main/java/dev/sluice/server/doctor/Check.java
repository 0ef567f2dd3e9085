// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.doctor;

import java.util.List;

/** Looks at one side of the machine. */
@FunctionalInterface
interface Check {
  List<Finding> run();
}
