// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.shared;

import dev.sluice.batching.Criticality;
import dev.sluice.proto.inference.InferParameter;
import dev.sluice.proto.inference.InferParameter.ParameterChoiceCase;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What the parameters of an infer request say to the server. Those that nobody reserved are meant
 * for the model; models here take none, so they are passed over, as Triton's backends do.
 *
 * @param timeoutNanos 0 for none
 * @param variant null for not said
 * @param finalFlagWanted whether stream responses shall say that they are final
 */
public record RequestParameters(
    long timeoutNanos,
    @Nullable Criticality criticality,
    @Nullable String variant,
    boolean finalFlagWanted) {
  private static final String FINAL_FLAG = "triton_enable_empty_final_response";
  private static final RequestParameters NONE = new RequestParameters(0, null, null, false);

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
        priority == null ? null : criticality(priority),
        variant == null ? null : variant(variant),
        finalFlag != null && finalFlag(finalFlag));
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

  private static @Nullable Criticality criticality(InferParameter value) {
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
    if (level < 0 || level > 3) {
      return Criticality.SHEDDABLE;
    }
    return switch ((int) level) {
      case 0 -> null;
      case 1 -> Criticality.CRITICAL_PLUS;
      case 2 -> Criticality.CRITICAL;
      default -> Criticality.SHEDDABLE_PLUS;
    };
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
