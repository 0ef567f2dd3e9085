// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.DefaultHttp2PingFrame;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Frame;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2GoAwayFrame;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2PingFrame;
import io.netty.handler.codec.http2.Http2SettingsFrame;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.handler.codec.http2.Http2StreamChannelBootstrap;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A client that opens streams only to reset them (CVE-2023-44487). */
final class RapidResetTest {
  private static final int LIMIT = 20;

  private final BlockingQueue<Long> goneAway = new LinkedBlockingQueue<>();
  private final BlockingQueue<String> settings = new LinkedBlockingQueue<>();
  private final BlockingQueue<Long> pongs = new LinkedBlockingQueue<>();
  private TestServer server;
  private EventLoopGroup loops;

  @BeforeEach
  void start() throws Exception {
    ConnectionLimits limits =
        ConnectionLimits.defaults().withMaxResets(LIMIT, Duration.ofMinutes(5));
    server = new TestServer(GrpcSettings.defaults().withConnections(limits));
    loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  }

  @AfterEach
  void stop() {
    server.close();
    assertThat(loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(60_000))
        .isTrue();
  }

  @Test
  void theConnectionIsClosedAndOthersAreServed() throws Exception {
    Channel connection = connect();

    for (int i = 0; i <= LIMIT + 1 && connection.isActive(); i++) {
      openAndReset(connection);
    }

    assertThat(TestServer.take(goneAway)).isEqualTo(Http2Error.ENHANCE_YOUR_CALM.code());
    assertThat(connection.closeFuture().await(60, TimeUnit.SECONDS)).isTrue();
    assertThat(server.stub().modelInfer(Requests.three("echo").build()).getOutputsCount())
        .isEqualTo(1);
  }

  @Test
  void resetsWithinTheLimitAreNoOffence() throws Exception {
    Channel connection = connect();

    for (int i = 0; i < LIMIT; i++) {
      openAndReset(connection);
    }
    // An answer to a ping comes after whatever the resets before it had led to.
    assertThat(connection.writeAndFlush(new DefaultHttp2PingFrame(7)).await(60, TimeUnit.SECONDS))
        .isTrue();
    assertThat(TestServer.take(pongs)).isEqualTo(7);

    assertThat(connection.isActive()).isTrue();
    assertThat(goneAway).isEmpty();
  }

  private Channel connect() throws Exception {
    Channel channel =
        new Bootstrap()
            .group(loops)
            .channel(NioSocketChannel.class)
            .handler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel ch) {
                    ch.pipeline()
                        .addLast(Http2FrameCodecBuilder.forClient().build())
                        .addLast(new Http2MultiplexHandler(new Ignoring()))
                        .addLast(new ConnectionFrames());
                  }
                })
            .connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.server.port()))
            .sync()
            .channel();
    TestServer.take(settings);
    return channel;
  }

  private static void openAndReset(Channel connection) throws Exception {
    Http2StreamChannel stream =
        new Http2StreamChannelBootstrap(connection).handler(new Ignoring()).open().sync().getNow();
    Http2Headers headers =
        new DefaultHttp2Headers()
            .method("POST")
            .scheme("http")
            .authority("localhost")
            .path("/inference.GRPCInferenceService/ModelInfer")
            .add("content-type", "application/grpc")
            .add("te", "trailers");
    stream.write(new DefaultHttp2HeadersFrame(headers)).addListener(done -> {});
    stream.writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.CANCEL)).await(60, TimeUnit.SECONDS);
  }

  private final class ConnectionFrames extends SimpleChannelInboundHandler<Http2Frame> {
    @Override
    protected void channelRead0(ChannelHandlerContext ctx, Http2Frame frame) {
      if (frame instanceof Http2GoAwayFrame away) {
        goneAway.add(away.errorCode());
      } else if (frame instanceof Http2SettingsFrame) {
        settings.add("settings");
      } else if (frame instanceof Http2PingFrame ping && ping.ack()) {
        pongs.add(ping.content());
      }
    }
  }

  private static final class Ignoring extends SimpleChannelInboundHandler<Object> {
    @Override
    public boolean isSharable() {
      return true;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, Object message) {
      // Whatever the server says to a stream that is reset at once does not matter here.
    }
  }
}
