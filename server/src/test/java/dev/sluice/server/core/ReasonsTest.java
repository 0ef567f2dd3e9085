// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.core;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ReasonsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "no such file: /srv/models/a/model.onnx | no such file: model.onnx",
        "it cannot be read: java.nio.file.AccessDeniedException: /srv/m"
            + " | it cannot be read: java.nio.file.AccessDeniedException: m",
        "('/tmp/x/y.so') and /etc/z | ('y.so') and z",
        "1/model.onnx and/or N/A at 3 tokens/s | 1/model.onnx and/or N/A at 3 tokens/s",
        "node /encoder/layer.0/MatMul is bad | node /encoder/layer.0/MatMul is bad",
      })
  void noAbsolutePathIsLeft(String reason, String expected) {
    assertThat(Reasons.forClients(reason)).isEqualTo(expected);
  }

  @Test
  void pathsOfTheModelItselfStayReadable() {
    var spec = FakeModels.tensorSpec("m", 1);
    assertThat(
            Reasons.forClients(
                spec, spec.directory() + "/1/model.onnx is bad; see " + "/var/log/x"))
        .isEqualTo("1/model.onnx is bad; see x");
    assertThat(Reasons.forClients(spec, spec.directory() + " is empty"))
        .isEqualTo("the model's folder is empty");
  }
}
