// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.wire;

import com.google.protobuf.ByteString;
import dev.sluice.loadtest.run.Carrier;
import dev.sluice.loadtest.run.PreparedCall;
import io.grpc.Metadata;
import io.grpc.Status;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A request and its answer. Used on the event loop.
 *
 * <p>A server may close a connection that is idle at any time, also just as a request is on its way
 * there. So a request that went over one that was there before it, of whose answer no byte came, is
 * sent a second time, over another: requests of inference change nothing. Its time goes on from its
 * first send, and it is counted.
 */
final class HttpExchange implements Carrier.Ongoing {
  private static final int OK = 200;

  private final NettyLoop loop;
  private final HttpPool pool;
  private final PreparedCall call;
  private final Carrier.Ended ended;
  private final ByteString.Output body = ByteString.newOutput();
  private @Nullable Channel channel;
  private int status;
  private long received;
  private boolean wasIdle;
  private boolean resent;
  private boolean over;

  HttpExchange(NettyLoop loop, HttpPool pool, PreparedCall call, Carrier.Ended ended) {
    this.loop = loop;
    this.pool = pool;
    this.call = call;
    this.ended = ended;
  }

  boolean isOver() {
    return over;
  }

  /** Over a connection that is being made. */
  void sendOver(ChannelFuture opened) {
    channel = opened.channel();
    var unused =
        opened.addListener(
            connected -> {
              if (over) {
                var unusedClose = opened.channel().close();
              } else if (connected.isSuccess()) {
                send(opened.channel());
              } else {
                broken("cannot connect: " + Reasons.of(connected.cause()));
              }
            });
  }

  void sendOverIdle(Channel idle) {
    wasIdle = true;
    send(idle);
  }

  private void send(Channel to) {
    channel = to;
    to.pipeline().get(HttpAnswers.class).expect(this);
    ByteBuf bytes = Unpooled.wrappedBuffer(call.messages().apply(0).asReadOnlyByteBuffer());
    DefaultFullHttpRequest request =
        new DefaultFullHttpRequest(
            HttpVersion.HTTP_1_1, HttpMethod.POST, pool.target().path(), bytes);
    request
        .headers()
        .set(HttpHeaderNames.HOST, pool.target().authority())
        .set(HttpHeaderNames.USER_AGENT, "sluice-loadtest")
        .set(HttpHeaderNames.CONTENT_TYPE, "application/json")
        .set(HttpHeaderNames.CONTENT_LENGTH, bytes.readableBytes());
    for (String key : call.metadata().keys()) {
      String value = call.metadata().get(Metadata.Key.of(key, Metadata.ASCII_STRING_MARSHALLER));
      if (value != null) {
        request.headers().set(key, value);
      }
    }
    // A write that fails closes the connection, which is heard of.
    var unused = to.writeAndFlush(request, to.voidPromise());
  }

  void head(int code) {
    status = code;
  }

  /** Whether so much is still taken. */
  boolean body(ByteBuf part) {
    received += part.readableBytes();
    if (received > pool.target().mostBytes()) {
      return false;
    }
    if (call.answers() != null && status == OK) {
      try {
        part.readBytes(body, part.readableBytes());
      } catch (IOException impossible) {
        throw new IllegalStateException(impossible);
      }
    }
    return true;
  }

  /**
   * @param free the connection, if it can be used again
   */
  void answered(@Nullable Channel free) {
    if (free != null) {
      pool.give(free);
    }
    if (call.answers() != null && status == OK && !over) {
      call.answers().accept(body.toByteString());
    }
    end(HttpStatuses.of(status));
  }

  /**
   * The connection is gone.
   *
   * @param heard whether a byte of the answer came
   */
  void lost(String why, boolean heard) {
    if (heard || !wasIdle || resent) {
      broken(why);
      return;
    }
    resent = true;
    wasIdle = false;
    channel = null;
    loop.execute(
        () -> {
          if (!over) {
            ended.resent();
            pool.serveAnew(this);
          }
        });
  }

  void broken(String why) {
    Status unavailable = Status.UNAVAILABLE.withDescription(why);
    // Not within start(), whose caller does not expect it yet.
    loop.execute(() -> end(unavailable));
  }

  @Override
  public void cancel(Status why) {
    loop.execute(
        () -> {
          if (!over) {
            end(why);
            // Whoever waits for a connection has none yet.
            if (channel != null) {
              var unusedClose = channel.close();
            }
          }
        });
  }

  private void end(Status with) {
    if (!over) {
      over = true;
      ended.ended(with);
    }
  }
}
