// SPDX-License-Identifier: Apache-2.0
package dev.sluice.kernels.gpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class KernelImageTest {
  private static final byte[] IMAGE = "abc".getBytes(StandardCharsets.UTF_8);
  private static final String RECORD =
      """
      nvcc 13.0.88
      fatbin ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad
      source 00 fatbin.cu
      """;

  @Test
  void theShippedKernelsAreWhatWasRecorded() throws IOException {
    assertThat(KernelImage.load()).startsWith(0x50, 0xED, 0x55, 0xBA);
  }

  @Test
  void damagedKernelsAreRefused() throws IOException {
    KernelImage.verify(IMAGE, RECORD);
    for (String record : new String[] {RECORD.replace("ba78", "ba79"), "nvcc 13.0.88\n", ""}) {
      assertThatThrownBy(() -> KernelImage.verify(IMAGE, record))
          .isInstanceOf(IOException.class)
          .hasMessage("the kernels in this distribution are damaged: their hash is wrong");
    }
  }
}
