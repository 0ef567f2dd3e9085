// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;

/**
 * What an HTTP/2 connection has to say beside its streams: nothing that matters here. Errors have
 * been answered and the connection is on its way out; a client that makes them on purpose is not to
 * fill the log.
 */
final class ConnectionFrames extends ChannelInboundHandlerAdapter {
  @Override
  public void channelRead(ChannelHandlerContext ctx, Object frame) {
    ReferenceCountUtil.release(frame);
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    ReferenceCountUtil.release(event);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    // The codec has closed the connection, or is about to.
  }
}
