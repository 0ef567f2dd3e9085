// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.result;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DetailSpoolTest {
  @TempDir private Path folder;

  @Test
  void theFirstOnesComeBackInOrderAsOftenAsWanted() throws IOException {
    Detail good = new Detail(1, 2, 3, "", "OK");
    Detail bad = new Detail(4, 5, 6, "rpc error: code = Internal desc = é", "Internal");
    Path file = folder.resolve("details");
    try (DetailSpool spool = new DetailSpool(file, 2)) {
      spool.add(good);
      spool.add(bad);
      spool.add(good);
      assertThat(spool.size()).isEqualTo(2);
      assertThat(all(spool)).containsExactly(good, bad);
      assertThat(all(spool)).containsExactly(good, bad);
    }
    assertThat(Files.exists(file)).isFalse();
  }

  @Test
  void errorsThatAreAllDifferentDoNotFillTheMemory() throws IOException {
    try (DetailSpool spool = new DetailSpool(folder.resolve("details"), 3_000)) {
      for (int i = 0; i < 2_000; i++) {
        spool.add(new Detail(i, 1, 1, "error " + i, "Internal"));
      }
      spool.add(new Detail(0, 1, 1, "", "OK"));
      List<Detail> all = all(spool);
      assertThat(all.get(999).error()).isEqualTo("error 999");
      assertThat(all.get(1_500).error())
          .isEqualTo("rpc error: code = Internal desc = (one of many)");
      assertThat(all.getLast().ok()).isTrue();
    }
  }

  private static List<Detail> all(Details details) throws IOException {
    List<Detail> all = new ArrayList<>();
    details.forEach(all::add);
    return all;
  }
}
