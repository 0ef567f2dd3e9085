// SPDX-License-Identifier: Apache-2.0
package dev.sluice.kernels.gpu;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Copies of any size from and to ordinary memory, for weights and checks: through two pieces of
 * pinned memory, so that one fills while the other travels. For one thread at a time.
 */
public final class Transfers implements AutoCloseable {
  private final GpuStream stream;
  private final int pieceBytes;
  private final Piece[] pieces;
  private int next;

  private record Piece(PinnedBuffer buffer, GpuEvent free) implements AutoCloseable {
    @Override
    public void close() {
      free.close();
      buffer.close();
    }
  }

  public Transfers(Gpu gpu, GpuStream stream, int pieceBytes) {
    this.stream = stream;
    this.pieceBytes = pieceBytes;
    this.pieces = new Piece[2];
    for (int i = 0; i < pieces.length; i++) {
      String name = "transfers of " + stream;
      pieces[i] = new Piece(gpu.pinned(name, pieceBytes), gpu.event(name));
    }
  }

  /**
   * Copies the remaining bytes. On return they may be changed; they are on the card when the stream
   * has come there.
   */
  public void upload(ByteBuffer from, long address) {
    ByteBuffer source = from.duplicate();
    for (long done = 0; source.hasRemaining(); ) {
      int count = Math.min(pieceBytes, source.remaining());
      Piece piece = pieces[next];
      next = 1 - next;
      piece.free.await();
      piece.buffer.bytes().put(source.slice(source.position(), count));
      stream.upload(piece.buffer, 0, count, address + done);
      stream.record(piece.free);
      source.position(source.position() + count);
      done += count;
    }
  }

  /** Waits for the stream. The copy is little-endian, its position 0. */
  public ByteBuffer download(long address, int bytes) {
    ByteBuffer target = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    PinnedBuffer buffer = pieces[0].buffer;
    while (target.hasRemaining()) {
      int count = Math.min(pieceBytes, target.remaining());
      stream.download(address + target.position(), buffer, 0, count);
      stream.await();
      target.put(buffer.bytes().limit(count));
    }
    return target.flip();
  }

  /** Waits for the copies under way. */
  @Override
  public void close() {
    for (Piece piece : pieces) {
      piece.close();
    }
  }
}
