// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.run;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;

/** A method as the wire knows it, for messages that are bytes already. */
public final class Rpc {
  private final MethodDescriptor<ByteString, ByteString> counting;
  private final MethodDescriptor<ByteString, ByteString> reading;

  private Rpc(String name, MethodType type) {
    this.counting =
        MethodDescriptor.newBuilder(RawMessages.SENT, RawMessages.COUNTED)
            .setFullMethodName(name)
            .setType(type)
            .build();
    this.reading = counting.toBuilder(RawMessages.SENT, RawMessages.READ).build();
  }

  public static Rpc of(Descriptors.MethodDescriptor method) {
    MethodType type =
        method.isClientStreaming()
            ? method.isServerStreaming() ? MethodType.BIDI_STREAMING : MethodType.CLIENT_STREAMING
            : method.isServerStreaming() ? MethodType.SERVER_STREAMING : MethodType.UNARY;
    return of(method.getService().getFullName() + "/" + method.getName(), type);
  }

  /**
   * @param name such as {@code pkg.Service/Method}
   */
  public static Rpc of(String name, MethodType type) {
    return new Rpc(name, type);
  }

  public MethodType type() {
    return counting.getType();
  }

  /**
   * @param read whether answers are wanted; otherwise each is an empty string, not looked at
   */
  public MethodDescriptor<ByteString, ByteString> descriptor(boolean read) {
    return read ? reading : counting;
  }
}
