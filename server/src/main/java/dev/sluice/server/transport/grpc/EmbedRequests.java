// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.grpc;

import dev.sluice.batching.Criticality;
import dev.sluice.models.text.Truncation;
import dev.sluice.proto.v1.EmbedRequest;
import dev.sluice.proto.v1.Input;
import dev.sluice.proto.v1.TokenIds;
import dev.sluice.server.core.CallContext;
import dev.sluice.server.core.EmbedCall;
import dev.sluice.server.core.EmbedInput;
import dev.sluice.server.core.ModelRef;
import dev.sluice.server.telemetry.Limit;
import dev.sluice.server.transport.shared.Refusals;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads embed requests, to be used on the thread that handles the call. */
final class EmbedRequests {
  private final CallTerms terms;
  private final int maxInputs;

  EmbedRequests(CallTerms terms, int maxInputs) {
    this.terms = terms;
    this.maxInputs = maxInputs;
  }

  /**
   * @throws dev.sluice.server.core.ProblemException when the request is refused
   */
  EmbedCall call(EmbedRequest request) {
    CallTraces.current().named(request.getRequestId());
    String variant =
        request.getVariant().isEmpty() ? CallHeaders.current().variant() : request.getVariant();
    CallContext context = terms.context(criticality(request), request.getTenant());
    if (request.getDimensions() < 0) {
      throw Refusals.invalid(
          "dimensions", Integer.toUnsignedString(request.getDimensions()) + " is too many");
    }
    return new EmbedCall(
        new ModelRef(request.getModel(), request.getVersion(), variant),
        inputs(request),
        request.hasNormalize() ? request.getNormalize() : null,
        truncation(request),
        request.getDimensions(),
        context);
  }

  private List<EmbedInput> inputs(EmbedRequest request) {
    int count = request.getInputsCount();
    if (count == 0) {
      throw Refusals.invalid("inputs", "at least one is needed");
    }
    if (count > maxInputs) {
      throw Refusals.tooMuch(
          Limit.EMBED_INPUTS, "inputs", "at most " + maxInputs + " are taken, not " + count);
    }
    List<EmbedInput> inputs = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      inputs.add(input(request.getInputs(i), i));
    }
    return inputs;
  }

  private static EmbedInput input(Input input, int index) {
    return switch (input.getInputCase()) {
      case TEXT -> new EmbedInput.Text(input.getText());
      case TOKENS -> new EmbedInput.Tokens(ids(input.getTokens(), index));
      case INPUT_NOT_SET ->
          throw Refusals.invalid("inputs[" + index + "]", "needs either text or tokens");
    };
  }

  private static int[] ids(TokenIds tokens, int index) {
    int[] ids = new int[tokens.getIdsCount()];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = tokens.getIds(i);
      if (ids[i] < 0) {
        throw Refusals.invalid(
            "inputs[" + index + "].tokens.ids[" + i + "]", "is negative: " + ids[i]);
      }
    }
    return ids;
  }

  private static @Nullable Criticality criticality(EmbedRequest request) {
    return switch (request.getCriticality()) {
      case CRITICALITY_UNSPECIFIED -> null;
      case CRITICALITY_CRITICAL_PLUS -> Criticality.CRITICAL_PLUS;
      case CRITICALITY_CRITICAL -> Criticality.CRITICAL;
      case CRITICALITY_SHEDDABLE_PLUS -> Criticality.SHEDDABLE_PLUS;
      case CRITICALITY_SHEDDABLE -> Criticality.SHEDDABLE;
      case UNRECOGNIZED ->
          throw Refusals.invalid(
              "criticality", "must be 0 to 4, not " + request.getCriticalityValue());
    };
  }

  private static Truncation truncation(EmbedRequest request) {
    return switch (request.getTruncate()) {
      case TRUNCATE_UNSPECIFIED, TRUNCATE_END -> Truncation.END;
      case TRUNCATE_NONE -> Truncation.NONE;
      case TRUNCATE_START -> Truncation.START;
      case UNRECOGNIZED ->
          throw Refusals.invalid("truncate", "must be 0 to 3, not " + request.getTruncateValue());
    };
  }
}
