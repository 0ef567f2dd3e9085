// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.shared;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2FrameTypes;
import java.nio.charset.StandardCharsets;

/**
 * Follows the frames that the server sends on one HTTP/2 connection, to count the limits that its
 * codec enforces by itself and tells nobody of but the client: it reads what the client is told.
 * Takes a few nanoseconds per buffer, as it skips what frames carry. To be put in front of the
 * codec, between two frames. Lives on the event loop of its connection.
 */
public final class SentFrames extends ChannelOutboundHandlerAdapter {
  /** Told of what the codec refused. */
  public interface Listener {
    /** A stream was reset, for whatever reason. */
    default void reset() {}

    /** A stream was refused because as many as may be are open. */
    void streamRefused();

    /** The headers of a stream were too large. */
    void headersRefused();

    /**
     * The client is told to go; called once at most.
     *
     * @param words what the codec gives for a reason
     */
    void goodbye(String words);
  }

  /** How the codec words it that headers are so large that it gives up on the connection. */
  public static final String HEADERS_TOO_LARGE = "Header size exceeded";

  private static final int HEADER = 9;

  /** As much of a frame as is ever read: of a goodbye, the start of its words. */
  private static final int KEPT = 128;

  private final Listener listener;
  private final ByteBuf frame = Unpooled.buffer(HEADER + KEPT, HEADER + KEPT);
  private int left = HEADER;
  private boolean inHeader = true;
  private boolean leaving;
  private int answeredStream;

  public SentFrames(Listener listener) {
    this.listener = listener;
  }

  @Override
  public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
    if (message instanceof ByteBuf bytes) {
      follow(bytes);
    }
    var unused = ctx.write(message, promise);
  }

  private void follow(ByteBuf bytes) {
    int at = bytes.readerIndex();
    int end = bytes.writerIndex();
    while (at < end) {
      int step = Math.min(left, end - at);
      frame.writeBytes(bytes, at, Math.min(step, frame.writableBytes()));
      at += step;
      left -= step;
      if (left == 0 && inHeader) {
        left = frame.getUnsignedMedium(0);
        inHeader = false;
      }
      if (left == 0) {
        sent();
        frame.clear();
        inHeader = true;
        left = HEADER;
      }
    }
  }

  private void sent() {
    int stream = frame.getInt(5);
    switch (frame.getByte(3)) {
      case Http2FrameTypes.HEADERS -> answeredStream = stream;
      case Http2FrameTypes.RST_STREAM -> reset(stream, frame.getUnsignedInt(HEADER));
      case Http2FrameTypes.GO_AWAY -> goodbye();
      default -> {}
    }
  }

  /** Headers that are too large are answered with headers, and with a reset right behind them. */
  private void reset(int stream, long code) {
    listener.reset();
    if (code == Http2Error.REFUSED_STREAM.code()) {
      listener.streamRefused();
    } else if (code == Http2Error.PROTOCOL_ERROR.code() && stream == answeredStream) {
      listener.headersRefused();
    }
  }

  private void goodbye() {
    if (!leaving) {
      leaving = true;
      frame.readerIndex(HEADER + 2 * Integer.BYTES);
      listener.goodbye(frame.toString(StandardCharsets.UTF_8));
    }
  }
}
