// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.call;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.MethodDescriptor;
import java.util.List;
import java.util.function.Function;

/**
 * The messages of calls, serialized. What has no actions is read once, when it is made; everything
 * else is filled for each call.
 */
public final class CallData {
  private final boolean stream;
  private final boolean templated;
  private final Function<CallContext, List<ByteString>> source;

  private CallData(
      MethodDescriptor method, boolean templated, Function<CallContext, List<ByteString>> source) {
    this.stream = method.isClientStreaming();
    this.templated = templated;
    this.source = source;
  }

  /** An empty message. */
  public static CallData empty(MethodDescriptor method) {
    return fixed(method, List.of(ByteString.EMPTY));
  }

  /** JSON: an object, or an array of them. */
  public static CallData json(MethodDescriptor method, String text, Templates templates) {
    JsonMessages messages = new JsonMessages(method.getInputType());
    if (!templates.enabled() || !Template.hasActions(text)) {
      return fixed(method, messages.parse(text));
    }
    Template template = templates.parse(text);
    return new CallData(method, true, context -> full(messages.parse(template.fill(context))));
  }

  /** Serialized messages, which are no templates. */
  public static CallData binary(MethodDescriptor method, ByteString bytes) {
    return fixed(method, BinaryMessages.parse(method.getInputType(), bytes));
  }

  private static CallData fixed(MethodDescriptor method, List<ByteString> messages) {
    full(messages);
    return new CallData(method, false, context -> messages);
  }

  /** Whether calls differ in more than whose turn it is. */
  public boolean templated() {
    return templated;
  }

  /**
   * What one call sends. Where it can send one message alone, several take turns by the number of
   * the request.
   */
  public List<ByteString> messages(CallContext context) {
    List<ByteString> all = source.apply(context);
    return stream ? all : List.of(turn(all, context.requestNumber()));
  }

  /**
   * A single message of a stream, filled anew; data that is an array starts again after its end.
   */
  public ByteString message(CallContext context, long index) {
    return turn(source.apply(context), index);
  }

  private static ByteString turn(List<ByteString> all, long index) {
    return all.get((int) (index % all.size()));
  }

  private static List<ByteString> full(List<ByteString> messages) {
    if (messages.isEmpty()) {
      throw new CallException("data is an empty array: there is nothing to send");
    }
    return messages;
  }
}
