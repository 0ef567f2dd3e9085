// SPDX-License-Identifier: Apache-2.0
package dev.sluice.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class CudaDevicesTest {
  @Test
  void sayThatThereIsNoDriverWhereThereIsNone() {
    assumeThat(Files.exists(Path.of("/proc/driver/nvidia")))
        .as("this machine has a card")
        .isFalse();

    assertThat(CudaDevices.probe())
        .isInstanceOfSatisfying(
            CudaProbe.Absent.class,
            absent ->
                assertThat(absent.reason()).isEqualTo("no NVIDIA driver: libcuda.so.1 not found"));
  }

  @Test
  void giveTheSameAnswerAgain() {
    CudaProbe first = CudaDevices.probe();
    CudaProbe second = CudaDevices.probe();

    assertThat(second).hasSameClassAs(first);
    if (second instanceof CudaProbe.Absent absent) {
      assertThat(absent).isEqualTo(first);
      assertThat(absent.reason()).isNotBlank().doesNotContain("\n");
    }
  }

  @Test
  void describeTheCardsWhereThereAreAny() {
    CudaProbe probe = CudaDevices.probe();
    assumeThat(probe).as("no NVIDIA card here").isInstanceOf(CudaProbe.Present.class);

    CudaProbe.Present present = (CudaProbe.Present) probe;
    assertThat(present.cudaVersion()).matches("[0-9]+\\.[0-9]+");
    assertThat(present.cards()).isNotEmpty();
    for (CudaCard card : present.cards()) {
      assertThat(card.name()).isNotBlank();
      assertThat(card.computeCapability()).matches("[0-9]+\\.[0-9]+");
      assertThat(card.totalBytes()).isPositive();
      card.freeBytes().ifPresent(free -> assertThat(free).isBetween(0L, card.totalBytes()));
    }
  }

  @Test
  void readTheDriversWayOfWritingVersions() {
    assertThat(CudaDriver.versionText(12060)).isEqualTo("12.6");
    assertThat(CudaDriver.versionText(13000)).isEqualTo("13.0");
  }

  @Test
  void shortenWhatJCudaSaysOfAMissingLibrary() {
    assertThat(
            CudaDevices.reason(new UnsatisfiedLinkError("page\none: libcuda.so.1: no such file")))
        .isEqualTo("no NVIDIA driver: libcuda.so.1 not found");
    assertThat(
            CudaDevices.reason(
                new UnsatisfiedLinkError("a\nx.LinkError: /x/libcuda.so.1: file too short")))
        .as("what some containers have in its place")
        .isEqualTo("libcuda.so.1 cannot be loaded: /x/libcuda.so.1: file too short");
    assertThat(CudaDevices.reason(new UnsatisfiedLinkError("\nno space left\nmore")))
        .isEqualTo("JCuda's native library cannot be loaded: no space left");
    assertThat(
            CudaDevices.reason(
                new UnsatisfiedLinkError(
                    "page\nx.LinkError: /tmp/j.so: libx.so.6: not there\nend")))
        .isEqualTo("JCuda's native library cannot be loaded: /tmp/j.so: libx.so.6: not there");
  }
}
