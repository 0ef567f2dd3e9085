// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code sluice serve} as an operator runs it: a process, its output, signals, an exit code. */
final class ServeProcessTest {
  @TempDir private Path folder;

  private ServeProcess serve(int port) throws Exception {
    return ServeProcess.start(
        folder,
        "--grpc-port",
        Integer.toString(port),
        "--cache-directory",
        TestServer.CACHE.toString());
  }

  @Test
  void aTerminatedServerAnswersWhatItAcceptedAndEndsWellWhileASecondOneCannotHaveItsPort()
      throws Exception {
    try (ServeProcess server = serve(0)) {
      int port = server.awaitPort();
      server.awaitLine("ready");
      try (Load load = new Load(port, 4, Vectors.texts("some", "texts here"))) {
        load.awaitUnderWay();
        try (ServeProcess second = serve(port)) {
          assertThat(second.exitCode()).isEqualTo(1);
          assertThat(second.log())
              .contains("cannot listen on 127.0.0.1:" + port)
              .doesNotContain("\tat ");
        }
        server.terminate();
        assertThat(server.exitCode()).isZero();
        load.stop();
        assertThat(load.failures())
            .extracting(Status::getCode)
            .allSatisfy(code -> assertThat(code).isEqualTo(Status.Code.UNAVAILABLE));
      }
      assertThat(server.log()).contains("drained: everything accepted was answered");
    }
  }

  @Test
  void aServerThatIsStillLoadingEndsWellToo() throws Exception {
    try (ServeProcess server = serve(0)) {
      server.awaitPort();
      server.terminate();
      assertThat(server.exitCode()).isZero();
      assertThat(server.log()).contains("drained: everything accepted was answered");
    }
  }
}
