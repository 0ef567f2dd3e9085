// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.client;

import io.netty.channel.epoll.Epoll;

/** Whether Linux's own way of waiting for sockets can be used here. */
public final class EpollSupport {
  private EpollSupport() {}

  public static boolean available() {
    return Epoll.isAvailable();
  }
}
