// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.shared;

import dev.sluice.batching.Criticality;
import dev.sluice.batching.NanoClock;
import dev.sluice.proto.inference.InferParameter;
import dev.sluice.proto.inference.InferParameter.ParameterChoiceCase;
import dev.sluice.server.core.CallContext;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What the parameters of an infer request say to the server. Those that nobody reserved are meant
 * for the model; models here take none, so they are passed over, as Triton's backends do.
 *
 * @param timeoutNanos 0 for none
 * @param priority 0 for none, 1 for the highest
 * @param variant null for not said
 * @param finalFlagWanted whether stream responses shall say that they are final
 */
public record RequestParameters(
    long timeoutNanos, int priority, @Nullable String variant, boolean finalFlagWanted) {
  private static final String FINAL_FLAG = "triton_enable_empty_final_response";
  private static final RequestParameters NONE = new RequestParameters(0, 0, null, false);

  public static RequestParameters of(Map<String, InferParameter> parameters) {
    if (parameters.isEmpty()) {
      return NONE;
    }
    parameters.forEach(RequestParameters::checkKey);
    InferParameter timeout = parameters.get("timeout");
    InferParameter priority = parameters.get("priority");
    InferParameter variant = parameters.get("variant");
    InferParameter finalFlag = parameters.get(FINAL_FLAG);
    return new RequestParameters(
        timeout == null ? 0 : timeout(timeout),
        priority == null ? 0 : priority(priority),
        variant == null ? null : variant(variant),
        finalFlag != null && finalFlag(finalFlag));
  }

  /** What is said beside the request, with what its parameters say, which goes first. */
  public CallContext on(CallContext beside, NanoClock clock) {
    if (priority == 0 && timeoutNanos == 0) {
      return beside;
    }
    long deadline = beside.deadlineNanos();
    if (timeoutNanos > 0) {
      deadline = TermRules.earlier(deadline, TermRules.deadline(timeoutNanos, clock));
    }
    return new CallContext(
        beside.arrivedNanos(),
        deadline,
        priority == 0 ? beside.criticality() : criticality(),
        beside.tenant(),
        beside.trace(),
        new CallContext.Queueing(
            priority, timeoutNanos, beside.criticality(), beside.deadlineNanos()));
  }

  /** What a priority means to a model that declares no levels. */
  private Criticality criticality() {
    return switch (priority) {
      case 1 -> Criticality.CRITICAL_PLUS;
      case 2 -> Criticality.CRITICAL;
      case 3 -> Criticality.SHEDDABLE_PLUS;
      default -> Criticality.SHEDDABLE;
    };
  }

  private static void checkKey(String key, InferParameter value) {
    String field = field(Refusals.quote(key));
    if (key.startsWith("sequence_")) {
      throw Refusals.unsupported(
          field + ": no model here keeps state between requests; send the request without it");
    }
    if (key.startsWith("triton_") && !key.equals(FINAL_FLAG)) {
      throw Refusals.invalid(
          field, "is not known; names that start with triton_ are reserved for the protocol");
    }
    if (value.getParameterChoiceCase() == ParameterChoiceCase.PARAMETERCHOICE_NOT_SET) {
      throw Refusals.invalid(field, "has no value");
    }
  }

  private static long timeout(InferParameter value) {
    if (value.getParameterChoiceCase() != ParameterChoiceCase.INT64_PARAM
        || value.getInt64Param() < 0) {
      throw Refusals.invalid(
          field("\"timeout\""), "must be an int64_param of microseconds, 0 (none) or more");
    }
    return TimeUnit.MICROSECONDS.toNanos(value.getInt64Param());
  }

  private static int priority(InferParameter value) {
    boolean whole =
        switch (value.getParameterChoiceCase()) {
          case UINT64_PARAM -> true;
          case INT64_PARAM -> value.getInt64Param() >= 0;
          default -> false;
        };
    if (!whole) {
      throw Refusals.invalid(
          field("\"priority\""),
          "must be an int64_param or uint64_param: 0 (the default), or 1 (the highest) and up");
    }
    long level = value.hasInt64Param() ? value.getInt64Param() : value.getUint64Param();
    // What does not fit is an unsigned number, and lower than any level that there can be.
    return level < 0 ? Integer.MAX_VALUE : (int) Math.min(Integer.MAX_VALUE, level);
  }

  private static String variant(InferParameter value) {
    if (value.getParameterChoiceCase() != ParameterChoiceCase.STRING_PARAM) {
      throw Refusals.invalid(field("\"variant\""), "must be a string_param, such as \"int8\"");
    }
    return value.getStringParam();
  }

  private static boolean finalFlag(InferParameter value) {
    if (value.getParameterChoiceCase() != ParameterChoiceCase.BOOL_PARAM) {
      throw Refusals.invalid(field('"' + FINAL_FLAG + '"'), "must be a bool_param");
    }
    return value.getBoolParam();
  }

  private static String field(String quotedKey) {
    return "parameters[" + quotedKey + "]";
  }
}
