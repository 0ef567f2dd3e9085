// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.server.config.ServerConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class DoctorTest {
  @Test
  void aCheckThatFailsIsReportedAndTheOthersStillRun() {
    Doctor doctor =
        new Doctor(
            new SystemFiles(Path.of("/")),
            Jvm.current(),
            Map.of(),
            ServerConfig.defaults(),
            () -> {
              throw new UnsatisfiedLinkError("libonnxruntime.so");
            },
            () -> true);
    List<Finding> findings = doctor.examine();
    assertThat(findings)
        .anyMatch(f -> f.topic().equals("engine") && f.text().contains("libonnxruntime.so"))
        .anyMatch(f -> f.topic().equals("sockets"));
  }

  @Test
  void aReportCountsItsProblems() {
    Report report = new Report(List.of(Finding.ok("a", "b"), Finding.problem("c", "d \"e\"", "f")));
    assertThat(report.problems()).isEqualTo(1);
    assertThat(report.text()).contains("-> f").endsWith("1 problem found.\n");
    assertThat(report.json())
        .isEqualTo(
            "{\"problems\":1,\"findings\":[{\"level\":\"ok\",\"topic\":\"a\",\"text\":\"b\"},{\"level\":\"problem\",\"topic\":\"c\",\"text\":\"d"
                + " \\\"e\\\"\",\"remedy\":\"f\"}]}");
  }
}
