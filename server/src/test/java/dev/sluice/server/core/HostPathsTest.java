// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostPathsTest {
  @Test
  void foldersOfThisMachineAreCutToTheirLastName(@TempDir Path folder) {
    assertThat(HostPaths.hide("cannot read '" + folder.resolve("a/x.so") + "': no"))
        .isEqualTo("cannot read 'x.so': no");
    assertThat(HostPaths.hide("(in directory \"" + folder + "/probe\")"))
        .isEqualTo("(in directory \"probe\")");
    assertThat(HostPaths.hide(folder + "/a " + folder + "/b")).isEqualTo("a b");
  }

  @Test
  void namesInsideOfAModelStay() {
    String reason = "node /no-such-folder-0/layer.0/MatMul of models/a/b.onnx has 3/4 of it";
    assertThat(HostPaths.hide(reason)).isEqualTo(reason);
  }
}
