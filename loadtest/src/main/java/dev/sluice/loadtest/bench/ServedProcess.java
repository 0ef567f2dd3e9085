// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** {@code sluice serve} on loopback and ports of its own, ready. */
final class ServedProcess implements AutoCloseable {
  private final Child child;
  private final int httpPort;
  private final int grpcPort;

  private ServedProcess(Child child, int httpPort, int grpcPort) {
    this.child = child;
    this.httpPort = httpPort;
    this.grpcPort = grpcPort;
  }

  /**
   * @param sluice the command
   * @param log where its log goes
   * @throws IOException when it does not get ready; the message has the end of its log
   */
  static ServedProcess start(Path sluice, Path log, String... flags) throws IOException {
    List<String> command = new ArrayList<>(List.of(sluice.toString(), "serve"));
    for (String port : List.of("--http-port", "--grpc-port", "--admin-port")) {
      command.addAll(List.of(port, "0"));
    }
    command.addAll(Arrays.asList(flags));
    Child child = Child.start(command, log);
    try {
      int http = port(child, "HTTP listens on ");
      int grpc = port(child, "gRPC listens on ");
      String line = child.readLine();
      while (!line.equals("ready")) {
        if (line.startsWith("not ")) {
          throw new IOException("the server does not serve its model: " + line);
        }
        line = child.readLine();
      }
      return new ServedProcess(child, http, grpc);
    } catch (IOException | RuntimeException failed) {
      child.close();
      throw failed;
    }
  }

  private static int port(Child child, String words) throws IOException {
    String line = child.readLine();
    while (!line.startsWith(words)) {
      line = child.readLine();
    }
    return Integer.parseInt(line.substring(line.lastIndexOf(':') + 1));
  }

  ProcessHandle handle() {
    return child.handle();
  }

  int httpPort() {
    return httpPort;
  }

  int grpcPort() {
    return grpcPort;
  }

  @Override
  public void close() {
    child.close();
  }
}
