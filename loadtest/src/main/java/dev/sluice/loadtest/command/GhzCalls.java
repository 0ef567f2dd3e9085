// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.command;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.MethodDescriptor;
import dev.sluice.loadtest.call.CallContext;
import dev.sluice.loadtest.call.CallData;
import dev.sluice.loadtest.call.CallMetadata;
import dev.sluice.loadtest.call.Templates;
import dev.sluice.loadtest.ghz.Options;
import dev.sluice.loadtest.run.CallSource;
import dev.sluice.loadtest.run.PreparedCall;
import dev.sluice.loadtest.run.Rpc;
import java.time.Instant;
import java.util.List;
import java.util.SplittableRandom;

/** The calls that ghz's options describe. What is the same for all of them is made once. */
public final class GhzCalls implements CallSource.Factory {
  private final MethodDescriptor method;
  private final Rpc rpc;
  private final Options options;
  private final Content content;
  private final Surroundings surroundings;

  public GhzCalls(
      MethodDescriptor method, Options options, Content content, Surroundings surroundings) {
    this.method = method;
    this.rpc = Rpc.of(method);
    this.options = options;
    this.content = content;
    this.surroundings = surroundings;
  }

  /**
   * @throws dev.sluice.loadtest.call.CallException if data or metadata do not fit
   */
  @Override
  public CallSource open(int loop) {
    // The streams of neighbouring seeds have nothing to do with each other.
    long seed = ((long) options.truth().seed() << Integer.SIZE) + loop;
    Templates templates =
        new Templates(
            new SplittableRandom(seed),
            surroundings.clock(),
            surroundings.env(),
            options.payload().functions(),
            options.payload().templates());
    CallMetadata metadata =
        content.metadata().isEmpty()
            ? CallMetadata.empty()
            : CallMetadata.json(content.metadata(), templates);
    return new Source(templates, data(templates), metadata);
  }

  private CallData data(Templates templates) {
    if (content.binary().isPresent()) {
      return CallData.binary(method, content.binary().get());
    }
    return content.json().isEmpty()
        ? CallData.empty(method)
        : CallData.json(method, content.json(), templates);
  }

  private final class Source implements CallSource {
    private final Templates templates;
    private final CallData data;
    private final CallMetadata metadata;
    private final boolean filled;
    private final boolean eachMessage;

    Source(Templates templates, CallData data, CallMetadata metadata) {
      this.templates = templates;
      this.data = data;
      this.metadata = metadata;
      this.filled = data.templated() || metadata.templated();
      this.eachMessage =
          data.templated()
              && method.isClientStreaming()
              && options.payload().streaming().dynamicMessages();
    }

    @Override
    public PreparedCall next(String worker, long number) {
      CallContext context =
          filled
              ? templates.context(method, worker, number)
              : new CallContext(method, worker, number, Instant.EPOCH, "");
      List<ByteString> messages = data.messages(context);
      if (!eachMessage) {
        return PreparedCall.of(rpc, metadata.of(context), messages);
      }
      return new PreparedCall(
          rpc,
          metadata.of(context),
          messages.size(),
          place -> data.message(templates.context(method, worker, number), place),
          null);
    }
  }
}
