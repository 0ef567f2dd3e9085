// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.load;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.handler.codec.http.LastHttpContent;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** One HTTP/1.1 connection that is kept alive, and one request whose bytes never change. */
public final class HttpCaller implements Caller {
  private final Channel connection;
  private final ByteBuf request;
  private final Answers answers;

  private HttpCaller(Channel connection, ByteBuf request, Answers answers) {
    this.connection = connection;
    this.request = request;
    this.answers = answers;
  }

  /**
   * Connects.
   *
   * @param request head and body, as they go over the wire
   */
  public static HttpCaller connect(Loops loops, int port, byte[] request) throws IOException {
    Answers answers = new Answers();
    var connected =
        new Bootstrap()
            .group(loops.group())
            .channel(loops.channelType())
            .option(ChannelOption.TCP_NODELAY, true)
            .handler(
                new ChannelInitializer<>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    channel.pipeline().addLast(new HttpResponseDecoder(), answers);
                  }
                })
            .connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
            .awaitUninterruptibly();
    if (!connected.isSuccess()) {
      throw new IOException("cannot connect to port " + port, connected.cause());
    }
    ByteBuf bytes = Unpooled.directBuffer(request.length).writeBytes(request);
    return new HttpCaller(connected.channel(), Unpooled.unreleasableBuffer(bytes), answers);
  }

  @Override
  public void call(Ended ended) {
    // All on the event loop: the first call of a connection comes from elsewhere.
    if (!connection.eventLoop().inEventLoop()) {
      connection.eventLoop().execute(() -> call(ended));
      return;
    }
    answers.waiting = ended;
    // A write that fails closes the connection, which is heard of.
    var unused = connection.writeAndFlush(request.duplicate(), connection.voidPromise());
  }

  @Override
  public void close() {
    connection.close().awaitUninterruptibly();
    request.unwrap().release();
  }

  /** Used by the connection's event loop alone. */
  private static final class Answers extends SimpleChannelInboundHandler<HttpObject> {
    private @Nullable Ended waiting;
    private int status;

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, HttpObject part) {
      if (part.decoderResult().isFailure()) {
        end("the answer is not HTTP");
        return;
      }
      if (part instanceof HttpResponse head) {
        status = head.status().code();
      }
      if (part instanceof LastHttpContent) {
        end(status == 200 ? null : "HTTP status " + status);
      }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
      end("the connection was closed");
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      end(String.valueOf(cause.getMessage()));
    }

    private void end(@Nullable String problem) {
      Ended ended = waiting;
      waiting = null;
      if (ended == null) {
        return;
      }
      if (problem == null) {
        ended.good();
      } else {
        ended.bad(problem);
      }
    }
  }
}
