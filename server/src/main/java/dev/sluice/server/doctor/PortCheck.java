// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.doctor;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.util.List;

/** Whether the server could listen where it is told to. */
final class PortCheck implements Check {
  private final String host;
  private final int port;

  PortCheck(String host, int port) {
    this.host = host;
    this.port = port;
  }

  @Override
  public List<Finding> run() {
    String where = host + ":" + port;
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getByName(host), port));
      return List.of(Finding.ok("gRPC port", where + " is free"));
    } catch (UnknownHostException e) {
      return List.of(
          Finding.problem(
              "gRPC port",
              host + " is not a known host",
              "give an address of this machine with --host"));
    } catch (IOException e) {
      return List.of(
          Finding.problem(
              "gRPC port",
              where + " cannot be listened on: " + e.getMessage(),
              "stop what listens there, or choose another with --grpc-port or --host"));
    }
  }
}
