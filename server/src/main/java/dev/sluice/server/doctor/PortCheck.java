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
  private final String name;
  private final String flag;
  private final String host;
  private final int port;

  /**
   * @param name what the port is for
   * @param flag what chooses another
   */
  PortCheck(String name, String flag, String host, int port) {
    this.name = name;
    this.flag = flag;
    this.host = host;
    this.port = port;
  }

  @Override
  public List<Finding> run() {
    String where = host + ":" + port;
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getByName(host), port));
      return List.of(Finding.ok(name, where + " is free"));
    } catch (UnknownHostException e) {
      return List.of(
          Finding.problem(
              name, host + " is not a known host", "give an address of this machine with --host"));
    } catch (IOException e) {
      return List.of(
          Finding.problem(
              name,
              where + " cannot be listened on: " + e.getMessage(),
              "stop what listens there, or choose another with " + flag + " or --host"));
    }
  }
}
