// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.doctor;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Processor model, its vector instructions, and how many cores may be used. */
final class CpuCheck implements Check {
  private static final List<String> FEATURES =
      List.of("avx2", "avx512f", "avx512_vnni", "avx_vnni", "avx512_bf16", "amx_int8", "amx_bf16");

  private final SystemFiles files;
  private final Jvm jvm;

  CpuCheck(SystemFiles files, Jvm jvm) {
    this.files = files;
    this.jvm = jvm;
  }

  @Override
  public List<Finding> run() {
    List<Finding> findings = new ArrayList<>();
    Set<String> flags =
        Set.of(files.value("proc/cpuinfo", "flags").orElse("").strip().split("\\s+", -1));
    findings.add(model());
    findings.add(features(flags));
    findings.add(fp32(flags));
    findings.add(int8(flags));
    findings.add(cores());
    return findings;
  }

  private Finding model() {
    return Finding.ok("CPU", files.value("proc/cpuinfo", "model name").orElse("unknown model"));
  }

  private static Finding features(Set<String> flags) {
    List<String> present = FEATURES.stream().filter(flags::contains).toList();
    List<String> absent = FEATURES.stream().filter(name -> !flags.contains(name)).toList();
    return Finding.ok("CPU features", "has " + words(present) + "; lacks " + words(absent));
  }

  private static String words(List<String> names) {
    return names.isEmpty() ? "none" : String.join(" ", names);
  }

  private static Finding fp32(Set<String> flags) {
    if (flags.contains("avx512f")) {
      return Finding.ok("FP32", "16 numbers per instruction (AVX-512): as fast as CPUs get");
    }
    return flags.contains("avx2")
        ? Finding.ok("FP32", "8 numbers per instruction (AVX2)")
        : Finding.note("FP32", "no AVX2: models run several times slower than on newer CPUs");
  }

  private static Finding int8(Set<String> flags) {
    if (flags.contains("amx_int8")) {
      return Finding.ok("INT8", "matrix units (AMX): INT8 far faster than FP32");
    }
    if (flags.contains("avx512_vnni") || flags.contains("avx_vnni")) {
      return Finding.ok("INT8", "dot-product instructions (VNNI): INT8 clearly faster than FP32");
    }
    return Finding.note(
        "INT8", "no VNNI or AMX: INT8 saves memory, but is little or no faster than FP32");
  }

  private Finding cores() {
    CgroupLimits limits = CgroupLimits.read(files);
    String text = jvm.cores() + " seen by Java";
    if (limits.cores().isEmpty()) {
      return Finding.ok("cores", text + ", no container limit");
    }
    double allowed = limits.cores().getAsDouble();
    String both =
        text
            + String.format(
                Locale.ROOT, ", container limit %.1f (cgroup v%d)", allowed, limits.version());
    return jvm.cores() > Math.ceil(allowed)
        ? Finding.problem(
            "cores",
            both + ": Java would start more threads than may run",
            "remove -XX:ActiveProcessorCount or -XX:-UseContainerSupport, or raise the limit")
        : Finding.ok("cores", both);
  }
}
