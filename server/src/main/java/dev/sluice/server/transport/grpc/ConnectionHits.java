// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.grpc;

import dev.sluice.server.telemetry.Limit;
import dev.sluice.server.telemetry.Telemetry;
import dev.sluice.server.transport.shared.SentFrames;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.ServerChannel;
import org.jspecify.annotations.Nullable;

/**
 * Counts the limits that gRPC's transport enforces on a connection by itself. It has no hook for
 * them, so this stands in front of it on every connection that is accepted. Lives on the event loop
 * of its connection.
 */
final class ConnectionHits extends ChannelDuplexHandler implements SentFrames.Listener {
  private final Telemetry telemetry;
  private boolean greeted;
  private boolean toldToGo;

  private ConnectionHits(Telemetry telemetry) {
    this.telemetry = telemetry;
  }

  /** Watches every connection that the channel, which is not open yet, will accept. */
  static <C extends ServerChannel> C watch(C listener, Telemetry telemetry) {
    listener
        .pipeline()
        .addLast(
            new ChannelInboundHandlerAdapter() {
              @Override
              public void channelRead(ChannelHandlerContext ctx, Object accepted) {
                ConnectionHits hits = new ConnectionHits(telemetry);
                ((Channel) accepted).pipeline().addLast(new SentFrames(hits), hits);
                ctx.fireChannelRead(accepted);
              }
            });
    return listener;
  }

  /** Whatever comes first is the greeting: what is none is told so, and is no matter of time. */
  @Override
  public void channelRead(ChannelHandlerContext ctx, Object bytes) {
    greeted = true;
    ctx.fireChannelRead(bytes);
  }

  @Override
  public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
    if (!greeted && !toldToGo && ctx.channel().isActive()) {
      toldToGo = true;
      telemetry.limitHit(Limit.GRPC_HANDSHAKE);
    }
    var unused = ctx.close(promise);
  }

  @Override
  public void streamRefused() {
    telemetry.limitHit(Limit.GRPC_CALLS);
  }

  @Override
  public void headersRefused() {
    telemetry.limitHit(Limit.GRPC_METADATA);
  }

  @Override
  public void goodbye(String words) {
    Limit limit = limit(words);
    if (limit != null) {
      telemetry.limitHit(limit);
    }
  }

  private static @Nullable Limit limit(String words) {
    return switch (words) {
      case "too_many_rststreams" -> Limit.GRPC_RESETS;
      case "too_many_pings" -> Limit.GRPC_PINGS;
      case "max_idle" -> Limit.GRPC_IDLE;
      case "max_age" -> Limit.GRPC_AGE;
      default -> words.startsWith(SentFrames.HEADERS_TOO_LARGE) ? Limit.GRPC_METADATA : null;
    };
  }
}
