// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.group.ChannelGroup;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpServerUpgradeHandler;
import io.netty.handler.codec.http2.CleartextHttp2ServerUpgradeHandler;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2ServerUpgradeCodec;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2StreamFrameToHttpObjectCodec;
import io.netty.util.AsciiString;

/**
 * Sets up each accepted connection: HTTP/1.1 until it begins with, or asks for, HTTP/2. Requests
 * look the same from there on.
 */
final class Connections extends ChannelInitializer<Channel> {
  private static final int WINDOW = 1 << 20;

  /** Acknowledgements that wait for a client which does not read. */
  private static final int MAX_QUEUED_CONTROL_FRAMES = 1000;

  private final Shared shared;
  private final ChannelGroup all;

  Connections(Shared shared, ChannelGroup all) {
    this.shared = shared;
    this.all = all;
  }

  @Override
  protected void initChannel(Channel channel) {
    all.add(channel);
    HttpSettings settings = shared.settings();
    ConnectionWatch watch = new ConnectionWatch(shared);
    HttpServerCodec http1 =
        new HttpServerCodec(
            new HttpDecoderConfig()
                .setMaxInitialLineLength(settings.maxRequestLine())
                .setMaxHeaderSize(settings.maxHeaderBytes()));
    HttpServerUpgradeHandler upgrade =
        new BoundedUpgrade(
            http1,
            protocol ->
                AsciiString.contentEquals(Http2CodecUtil.HTTP_UPGRADE_PROTOCOL_NAME, protocol)
                    ? new Http2ServerUpgradeCodec(frames(), streams(watch))
                    : null,
            settings.maxHeaderBytes());
    ChannelHandler priorKnowledge =
        new ChannelInitializer<Channel>() {
          @Override
          protected void initChannel(Channel known) {
            // The codec first: what follows it looks for it when it is added.
            ChannelHandler frames = frames();
            known.pipeline().addAfter(known.pipeline().context(this).name(), "frames", frames);
            known.pipeline().addAfter("frames", null, streams(watch));
          }
        };
    channel
        .pipeline()
        .addLast(watch)
        .addLast(new CleartextHttp2ServerUpgradeHandler(http1, upgrade, priorKnowledge))
        .addLast(new RequestHandler(shared, watch, false));
  }

  private Http2FrameCodec frames() {
    HttpSettings settings = shared.settings();
    int window = Math.toIntExact(settings.resetWindow().toSeconds());
    return Http2FrameCodecBuilder.forServer()
        .initialSettings(
            Http2Settings.defaultSettings()
                .maxConcurrentStreams(settings.maxConcurrentRequests())
                .maxHeaderListSize(settings.maxHeaderBytes())
                .initialWindowSize(WINDOW))
        .encoderEnforceMaxQueuedControlFrames(MAX_QUEUED_CONTROL_FRAMES)
        .decoderEnforceMaxRstFramesPerWindow(settings.maxResets(), window)
        .encoderEnforceMaxRstFramesPerWindow(settings.maxResets(), window)
        .build();
  }

  private Http2MultiplexHandler streams(ConnectionWatch watch) {
    return new Http2MultiplexHandler(
        new ChannelInitializer<Channel>() {
          @Override
          protected void initChannel(Channel stream) {
            stream
                .pipeline()
                .addLast(new Http2StreamFrameToHttpObjectCodec(true))
                .addLast(new RequestHandler(shared, watch, true));
          }
        });
  }
}
