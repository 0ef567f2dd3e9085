// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.load;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.netty.NegotiationType;
import io.grpc.netty.NettyChannelBuilder;
import java.util.concurrent.TimeUnit;

/**
 * One HTTP/2 connection on one event loop, shared by any number of callers. Calls are made without
 * stubs, of requests that are serialised already, and end on the event loop itself.
 */
public final class GrpcConnection implements AutoCloseable {
  private final ManagedChannel channel;

  public GrpcConnection(Loops loops, int port) {
    channel =
        NettyChannelBuilder.forAddress("127.0.0.1", port)
            .eventLoopGroup(loops.group())
            .channelType(loops.channelType())
            .negotiationType(NegotiationType.PLAINTEXT)
            .directExecutor()
            .build();
  }

  /** For calls that are not part of the load. */
  public ManagedChannel channel() {
    return channel;
  }

  /**
   * @param method the full name, for example {@code package.Service/Method}
   * @param request the serialised message
   */
  public Caller caller(String method, byte[] request) {
    MethodDescriptor<byte[], Integer> descriptor =
        MethodDescriptor.newBuilder(PreparedMessages.REQUEST, PreparedMessages.RESPONSE)
            .setType(MethodDescriptor.MethodType.UNARY)
            .setFullMethodName(method)
            .build();
    return new UnaryCaller(descriptor, request);
  }

  @Override
  public void close() {
    channel.shutdownNow();
    try {
      channel.awaitTermination(2, TimeUnit.SECONDS);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  private final class UnaryCaller implements Caller {
    private final MethodDescriptor<byte[], Integer> method;
    private final byte[] request;

    UnaryCaller(MethodDescriptor<byte[], Integer> method, byte[] request) {
      this.method = method;
      this.request = request;
    }

    @Override
    public void call(Ended ended) {
      ClientCall<byte[], Integer> call = channel.newCall(method, CallOptions.DEFAULT);
      call.start(new Listener(ended), new Metadata());
      // One answer and the status behind it.
      call.request(2);
      call.sendMessage(request);
      call.halfClose();
    }

    /** The connection is its callers' together. */
    @Override
    public void close() {}
  }

  private static final class Listener extends ClientCall.Listener<Integer> {
    private final Caller.Ended ended;
    private int bytes;

    Listener(Caller.Ended ended) {
      this.ended = ended;
    }

    @Override
    public void onMessage(Integer size) {
      bytes = size;
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      if (!status.isOk()) {
        ended.bad(status.getCode() + ": " + status.getDescription());
      } else if (bytes == 0) {
        ended.bad("the answer is empty");
      } else {
        ended.good();
      }
    }
  }
}
