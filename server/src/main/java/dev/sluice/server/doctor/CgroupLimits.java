// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.doctor;

import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * How much a container may use; empty where nothing is limited.
 *
 * @param version 1 or 2, or 0 where there are no control groups
 * @param cores in fractions of a core
 */
record CgroupLimits(int version, OptionalDouble cores, OptionalLong memoryBytes) {
  /** Version 1 writes a number near the largest long for "no limit". */
  private static final long UNLIMITED = 1L << 60;

  static CgroupLimits read(SystemFiles files) {
    if (files.exists("sys/fs/cgroup/cgroup.controllers")) {
      return new CgroupLimits(
          2,
          cpuMax(files.text("sys/fs/cgroup/cpu.max")),
          bytes(files.text("sys/fs/cgroup/memory.max")));
    }
    if (files.exists("sys/fs/cgroup/memory") || files.exists("sys/fs/cgroup/cpu")) {
      return new CgroupLimits(
          1,
          quota(
              files.text("sys/fs/cgroup/cpu/cpu.cfs_quota_us"),
              files.text("sys/fs/cgroup/cpu/cpu.cfs_period_us")),
          bytes(files.text("sys/fs/cgroup/memory/memory.limit_in_bytes")));
    }
    return new CgroupLimits(0, OptionalDouble.empty(), OptionalLong.empty());
  }

  private static OptionalDouble cpuMax(Optional<String> text) {
    String[] parts = text.orElse("max").split("\\s+", -1);
    return parts.length < 2
        ? OptionalDouble.empty()
        : quota(Optional.of(parts[0]), Optional.of(parts[1]));
  }

  private static OptionalDouble quota(Optional<String> quota, Optional<String> period) {
    OptionalLong allowed = number(quota);
    OptionalLong per = number(period);
    boolean limited = allowed.isPresent() && per.isPresent() && per.getAsLong() > 0;
    return limited
        ? OptionalDouble.of((double) allowed.getAsLong() / per.getAsLong())
        : OptionalDouble.empty();
  }

  private static OptionalLong bytes(Optional<String> text) {
    OptionalLong bytes = number(text);
    return bytes.isPresent() && bytes.getAsLong() < UNLIMITED ? bytes : OptionalLong.empty();
  }

  /** Empty for "max", for -1 and for anything else that is no plain number. */
  private static OptionalLong number(Optional<String> text) {
    return text.filter(t -> t.matches("[0-9]{1,18}"))
        .map(t -> OptionalLong.of(Long.parseLong(t)))
        .orElse(OptionalLong.empty());
  }
}
