// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.server.doctor.Finding.Level;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The checks that read the system's files, on machines made of sample files. */
final class MachineTest {
  private static final long GIB = 1L << 30;

  @TempDir Path root;

  @Test
  void aNewServerProcessorHasMatrixUnits() throws Exception {
    cpu(
        "Intel(R) Xeon(R) Platinum 8481C",
        "avx2 avx512f avx512_vnni avx512_bf16 amx_int8 amx_bf16");
    assertThat(cpuFindings(jvm(8, 4 * GIB)))
        .contains(
            Finding.ok("CPU", "Intel(R) Xeon(R) Platinum 8481C"),
            Finding.ok(
                "CPU features",
                "has avx2 avx512f avx512_vnni avx512_bf16 amx_int8 amx_bf16; lacks avx_vnni"),
            Finding.ok("FP32", "16 numbers per instruction (AVX-512): as fast as CPUs get"),
            Finding.ok("INT8", "matrix units (AMX): INT8 far faster than FP32"));
  }

  @Test
  void aProcessorWithDotProductsIsGoodForInt8() throws Exception {
    cpu("AMD EPYC 9654", "avx2 avx512f avx512_vnni");
    assertThat(cpuFindings(jvm(8, GIB)))
        .contains(
            Finding.ok("INT8", "dot-product instructions (VNNI): INT8 clearly faster than FP32"));
  }

  @Test
  void anOldProcessorIsNotedAsSlow() throws Exception {
    cpu("Intel(R) Xeon(R) CPU E5-2670", "sse4_2 avx");
    assertThat(cpuFindings(jvm(8, GIB)))
        .filteredOn(finding -> finding.level() == Level.NOTE)
        .extracting(Finding::topic)
        .containsExactly("FP32", "INT8");
  }

  @Test
  void aMachineWithoutFilesIsExaminedAllTheSame() {
    assertThat(cpuFindings(jvm(8, GIB))).noneMatch(f -> f.level() == Level.PROBLEM);
    assertThat(memory(jvm(8, GIB))).noneMatch(f -> f.level() == Level.PROBLEM);
    assertThat(new SystemCheck(files(), jvm(8, GIB)).run())
        .noneMatch(f -> f.level() == Level.PROBLEM);
  }

  @Test
  void limitsOfTheSecondKindOfContainerAreRead() throws Exception {
    write("sys/fs/cgroup/cgroup.controllers", "cpu memory");
    write("sys/fs/cgroup/cpu.max", "250000 100000");
    write("sys/fs/cgroup/memory.max", String.valueOf(8 * GIB));
    assertThat(cpuFindings(jvm(3, GIB)))
        .contains(Finding.ok("cores", "3 seen by Java, container limit 2.5 (cgroup v2)"));
    write("proc/meminfo", "MemTotal:       67108864 kB\nMemAvailable:   33554432 kB");
    assertThat(memory(jvm(3, 2 * GIB)))
        .containsExactly(
            Finding.ok("memory", "64.0 GiB, 32.0 GiB free, container limit 8.0 GiB (cgroup v2)"),
            Finding.ok("heap", "at most 2.0 GiB"));
  }

  @Test
  void limitsOfTheFirstKindOfContainerAreRead() throws Exception {
    write("sys/fs/cgroup/cpu/cpu.cfs_quota_us", "200000");
    write("sys/fs/cgroup/cpu/cpu.cfs_period_us", "100000");
    write("sys/fs/cgroup/memory/memory.limit_in_bytes", String.valueOf(GIB));
    assertThat(CgroupLimits.read(files()).memoryBytes()).hasValue(GIB);
    assertThat(cpuFindings(jvm(2, GIB)))
        .contains(Finding.ok("cores", "2 seen by Java, container limit 2.0 (cgroup v1)"));
  }

  @Test
  void noLimitIsWrittenDifferentlyInEach() throws Exception {
    write("sys/fs/cgroup/cpu/cpu.cfs_quota_us", "-1");
    write("sys/fs/cgroup/cpu/cpu.cfs_period_us", "100000");
    write("sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712");
    assertThat(CgroupLimits.read(files()).cores()).isEmpty();
    assertThat(CgroupLimits.read(files()).memoryBytes()).isEmpty();

    write("sys/fs/cgroup/cgroup.controllers", "");
    write("sys/fs/cgroup/cpu.max", "max 100000");
    write("sys/fs/cgroup/memory.max", "max");
    assertThat(CgroupLimits.read(files()).version()).isEqualTo(2);
    assertThat(CgroupLimits.read(files()).cores()).isEmpty();
    assertThat(CgroupLimits.read(files()).memoryBytes()).isEmpty();
  }

  @Test
  void moreCoresThanTheContainerMayUseAreAProblem() throws Exception {
    write("sys/fs/cgroup/cgroup.controllers", "cpu");
    write("sys/fs/cgroup/cpu.max", "200000 100000");
    assertThat(cpuFindings(jvm(64, GIB)))
        .anyMatch(f -> f.level() == Level.PROBLEM && f.topic().equals("cores"));
  }

  @Test
  void aHeapThatLeavesNoRoomForModelsIsAProblem() throws Exception {
    write("sys/fs/cgroup/cgroup.controllers", "memory");
    write("sys/fs/cgroup/memory.max", String.valueOf(4 * GIB));
    assertThat(memory(jvm(1, 4 * GIB))).anyMatch(f -> f.level() == Level.PROBLEM);
    assertThat(memory(jvm(1, 3 * GIB))).noneMatch(f -> f.level() == Level.PROBLEM);
  }

  @Test
  void theSystemIsNamed() throws Exception {
    write("etc/os-release", "NAME=x\nPRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"");
    write("proc/sys/kernel/osrelease", "6.1.0-13-amd64\n");
    write(
        "lib/x86_64-linux-gnu/libc.so.6",
        "\u007fELF\u0000GNU C Library (Debian GLIBC 2.36-9) stable release version 2.36.\n");
    assertThat(new SystemCheck(files(), jvm(1, GIB)).run())
        .containsExactly(
            Finding.ok("system", "Debian GNU/Linux 12 (bookworm), amd64, kernel 6.1.0-13-amd64"),
            Finding.ok("C library", "glibc 2.36"),
            Finding.ok("Java", "21.0.4, Some"));
  }

  @Test
  void whatTheEnginesCannotRunOnIsAProblem() throws Exception {
    write("lib/ld-musl-x86_64.so.1", "");
    Jvm old = new Jvm("17.0.9", "Some", "Mac OS X", "aarch64", 1, GIB);
    assertThat(new SystemCheck(files(), old).run())
        .allSatisfy(finding -> assertThat(finding.level()).isEqualTo(Level.PROBLEM))
        .allSatisfy(finding -> assertThat(finding.remedy()).isPresent())
        .hasSize(3);
  }

  @Test
  void fewOpenFilesAreAProblem() throws Exception {
    String line = "Limit  Soft  Hard  Units\nMax open files            %s   524288   files\n";
    write("proc/self/limits", line.formatted("1024"));
    assertThat(new SocketCheck(files(), true).run().get(1).level()).isEqualTo(Level.PROBLEM);
    for (String enough : List.of("4096", "unlimited")) {
      write("proc/self/limits", line.formatted(enough));
      assertThat(new SocketCheck(files(), true).run().get(1))
          .isEqualTo(Finding.ok("open files", "at most " + enough));
    }
    assertThat(new SocketCheck(files(), false).run().get(0).level()).isEqualTo(Level.NOTE);
  }

  @Test
  void theCacheNeedsAFolderThatCanBeMade() throws Exception {
    assertThat(new DiskCheck(root.resolve("a/b/c")).run().get(0).text()).contains(" free");
    Path file = Files.writeString(root.resolve("file"), "");
    assertThat(new DiskCheck(file).run().get(0).level()).isEqualTo(Level.PROBLEM);
    assertThat(new DiskCheck(file.resolve("b")).run().get(0).level()).isEqualTo(Level.PROBLEM);
  }

  private static Jvm jvm(int cores, long heap) {
    return new Jvm("21.0.4", "Some", "Linux", "amd64", cores, heap);
  }

  private SystemFiles files() {
    return new SystemFiles(root);
  }

  private List<Finding> cpuFindings(Jvm jvm) {
    return new CpuCheck(files(), jvm).run();
  }

  private List<Finding> memory(Jvm jvm) {
    return new MemoryCheck(files(), jvm).run();
  }

  private void cpu(String model, String flags) throws IOException {
    write(
        "proc/cpuinfo",
        "processor\t: 0\nmodel name\t: %s\nflags\t\t: fpu %s ht\n".formatted(model, flags));
  }

  private void write(String path, String text) throws IOException {
    Path file = root.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text, StandardCharsets.ISO_8859_1);
  }
}
