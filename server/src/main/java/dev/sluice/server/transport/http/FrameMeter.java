// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.http;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2FrameTypes;

/**
 * Follows the frames of an HTTP/2 connection beside its codec, to see what the codec has no limit
 * for: headers that are begun and not ended, floods of frames that ask for no answer, and frames
 * that provoke resets from this side (the codec counts only those that it is asked for). Reads
 * without consuming, and keeps no more than one frame's header. For one thread.
 */
final class FrameMeter {
  /** Connection preface: 24 bytes in front of the first frame. */
  private static final byte[] PREFACE =
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII);

  private static final int HEADER = 9;
  private static final int END_HEADERS = 0x4;
  private static final int ACK = 0x1;

  private final byte[] header = new byte[HEADER];
  private int prefaceSeen;
  private int headerSeen;
  private int payloadLeft;
  private boolean foreign;
  private boolean openHeaders;
  private int controlFrames;
  private int resets;
  private boolean pong;

  /** Begins anew, for a connection that has been upgraded; one that began with HTTP/2 goes on. */
  void expectPreface() {
    if (foreign) {
      foreign = false;
      prefaceSeen = 0;
    }
  }

  /** Looks at all that is readable. */
  void see(ByteBuf bytes) {
    int at = bytes.readerIndex();
    int end = bytes.writerIndex();
    while (at < end && !foreign) {
      if (prefaceSeen < PREFACE.length) {
        foreign = bytes.getByte(at++) != PREFACE[prefaceSeen++];
      } else if (payloadLeft > 0) {
        int step = Math.min(payloadLeft, end - at);
        payloadLeft -= step;
        at += step;
      } else {
        header[headerSeen++] = bytes.getByte(at++);
        if (headerSeen == HEADER) {
          headerSeen = 0;
          frame();
        }
      }
    }
  }

  private void frame() {
    payloadLeft = ((header[0] & 0xff) << 16) | ((header[1] & 0xff) << 8) | (header[2] & 0xff);
    boolean ack = (header[4] & ACK) != 0;
    switch (header[3]) {
      case Http2FrameTypes.HEADERS, Http2FrameTypes.CONTINUATION ->
          openHeaders = (header[4] & END_HEADERS) == 0;
      case Http2FrameTypes.PING -> {
        pong |= ack;
        controlFrames += ack ? 0 : 1;
      }
      case Http2FrameTypes.SETTINGS -> controlFrames += ack ? 0 : 1;
      // Their number is bounded by the codec (resets) or by what is sent and received (the rest).
      case Http2FrameTypes.DATA, Http2FrameTypes.RST_STREAM, Http2FrameTypes.WINDOW_UPDATE -> {}
      default -> controlFrames++;
    }
  }

  /** Whether headers, or a frame that carries no body, have begun and are not complete. */
  boolean unfinished() {
    return openHeaders || headerSeen > 0 || (payloadLeft > 0 && header[3] != Http2FrameTypes.DATA);
  }

  /** This side has reset a stream. */
  void resetSent() {
    resets++;
  }

  /** Pings, settings, priorities and frames of unknown types since the last {@link #forgive}. */
  int controlFrames() {
    return controlFrames;
  }

  /** Resets that this side was provoked to since then. */
  int resets() {
    return resets;
  }

  /** Counts anew. */
  void forgive() {
    controlFrames = 0;
    resets = 0;
  }

  /** Whether a ping of this side was answered. */
  boolean pong() {
    return pong;
  }
}
