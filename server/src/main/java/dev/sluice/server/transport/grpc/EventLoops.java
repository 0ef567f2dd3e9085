// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.grpc;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.TimeUnit;

/** The threads that read and write sockets, by epoll where the system has it. */
record EventLoops(EventLoopGroup group, boolean epoll) {
  private static final String THREAD_NAMES = "sluice-grpc-io";

  /**
   * @param threads 0 for one per core
   */
  static EventLoops start(int threads) {
    int count = threads == 0 ? Runtime.getRuntime().availableProcessors() : threads;
    boolean epoll = Epoll.isAvailable();
    IoHandlerFactory handlers = epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
    return new EventLoops(
        new MultiThreadIoEventLoopGroup(
            count, new DefaultThreadFactory(THREAD_NAMES, true), handlers),
        epoll);
  }

  /** A channel of the kind that the threads serve. */
  ServerChannel newListener() {
    return epoll ? new EpollServerSocketChannel() : new NioServerSocketChannel();
  }

  void stop() {
    group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(2, TimeUnit.SECONDS);
  }
}
