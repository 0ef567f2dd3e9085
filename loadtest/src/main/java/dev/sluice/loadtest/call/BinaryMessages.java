// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.call;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Serialized messages, each behind its length, or else a single one; sent as they are. */
final class BinaryMessages {
  private BinaryMessages() {}

  static List<ByteString> parse(Descriptor type, ByteString bytes) {
    List<ByteString> delimited = delimited(type, bytes);
    if (!delimited.isEmpty()) {
      return delimited;
    } else if (fits(type, bytes)) {
      return List.of(bytes);
    }
    throw new CallException(
        "binary data is neither one " + type.getFullName() + " nor several behind their lengths");
  }

  private static List<ByteString> delimited(Descriptor type, ByteString bytes) {
    List<ByteString> messages = new ArrayList<>();
    CodedInputStream in = bytes.newCodedInput();
    try {
      while (!in.isAtEnd()) {
        ByteString message = in.readBytes();
        if (!fits(type, message)) {
          return List.of();
        }
        messages.add(message);
      }
      return List.copyOf(messages);
    } catch (IOException e) {
      return List.of();
    }
  }

  private static boolean fits(Descriptor type, ByteString bytes) {
    try {
      return DynamicMessage.parseFrom(type, bytes).isInitialized();
    } catch (InvalidProtocolBufferException e) {
      return false;
    }
  }
}
