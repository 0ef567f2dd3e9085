// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.call;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.grpc.Metadata;
import java.util.Base64;
import java.util.Map;
import java.util.function.Function;

/** The metadata of calls: an object of strings, those of {@code -bin} keys in base64. */
public final class CallMetadata {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Function<CallContext, Metadata> source;
  private final boolean templated;

  private CallMetadata(boolean templated, Function<CallContext, Metadata> source) {
    this.templated = templated;
    this.source = source;
  }

  /** Metadata is a template even where call data is not. */
  public static CallMetadata json(String text, Templates templates) {
    if (!Template.hasActions(text)) {
      Metadata fixed = parse(text);
      return new CallMetadata(false, context -> fixed);
    }
    Template template = templates.parse(text);
    return new CallMetadata(true, context -> parse(template.fill(context)));
  }

  /** JSON that is no template. */
  public static Metadata json(String text) {
    return parse(text);
  }

  /** None. */
  public static CallMetadata empty() {
    return new CallMetadata(false, context -> new Metadata());
  }

  /** What does not differ from call to call. */
  public static Metadata fixed(Map<String, String> entries) {
    Metadata metadata = new Metadata();
    entries.forEach((key, value) -> put(metadata, key, value));
    return metadata;
  }

  public boolean templated() {
    return templated;
  }

  /** A copy, since gRPC adds to what it is given. */
  public Metadata of(CallContext context) {
    Metadata copy = new Metadata();
    copy.merge(source.apply(context));
    return copy;
  }

  private static Metadata parse(String text) {
    JsonNode root;
    try {
      root = JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new CallException(
          "metadata is not JSON: " + e.getOriginalMessage().lines().findFirst().orElse(""));
    }
    if (!root.isObject()) {
      throw new CallException("metadata wants an object of strings");
    }
    Metadata metadata = new Metadata();
    for (Map.Entry<String, JsonNode> entry : root.properties()) {
      if (!entry.getValue().isTextual()) {
        throw new CallException("metadata." + entry.getKey() + " wants a string");
      }
      put(metadata, entry.getKey(), entry.getValue().textValue());
    }
    return metadata;
  }

  private static void put(Metadata metadata, String key, String value) {
    boolean binary = key.endsWith(Metadata.BINARY_HEADER_SUFFIX);
    try {
      if (binary) {
        byte[] bytes = Base64.getDecoder().decode(value);
        metadata.put(Metadata.Key.of(key, Metadata.BINARY_BYTE_MARSHALLER), bytes);
      } else {
        metadata.put(Metadata.Key.of(key, Metadata.ASCII_STRING_MARSHALLER), value);
      }
    } catch (IllegalArgumentException e) {
      throw new CallException(
          "metadata." + key + (binary ? " wants base64 and a valid key" : " is no valid key"));
    }
  }
}
