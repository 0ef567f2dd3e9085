// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.call;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** JSON, one object or an array of them, as messages of one type. */
final class JsonMessages {
  private static final ObjectMapper JSON =
      new ObjectMapper()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

  private final Descriptor type;
  private final JsonFormat.Parser parser;

  JsonMessages(Descriptor type) {
    this.type = type;
    this.parser =
        JsonFormat.parser()
            .usingTypeRegistry(JsonFormat.TypeRegistry.newBuilder().add(type).build());
  }

  List<ByteString> parse(String text) {
    JsonNode root;
    try {
      root = JSON.readTree(text);
    } catch (JsonProcessingException e) {
      long line = e.getLocation() == null ? 1 : e.getLocation().getLineNr();
      throw new CallException(
          "data is not JSON: line "
              + line
              + ": "
              + e.getOriginalMessage().lines().findFirst().orElse(""));
    }
    List<ByteString> messages = new ArrayList<>();
    for (JsonNode node : root.isArray() ? root : List.of(root)) {
      messages.add(message(root.isArray() ? "data[" + messages.size() + "]" : "data", node));
    }
    return List.copyOf(messages);
  }

  private ByteString message(String at, JsonNode node) {
    if (!node.isObject()) {
      throw new CallException(at + " wants an object of fields of " + type.getFullName());
    }
    DynamicMessage.Builder message = DynamicMessage.newBuilder(type);
    try {
      parser.merge(node.toString(), message);
    } catch (InvalidProtocolBufferException e) {
      throw new CallException(blame(at, node, type, reason(e)));
    }
    if (!message.isInitialized()) {
      throw new CallException(
          at + " lacks " + String.join(", ", message.findInitializationErrors()));
    }
    return message.build().toByteString();
  }

  /** Parses the fields one by one until it is known which of them does not fit. */
  private String blame(String at, JsonNode node, Descriptor of, String reason) {
    for (Map.Entry<String, JsonNode> entry : node.properties()) {
      ObjectNode alone = JSON.createObjectNode().set(entry.getKey(), entry.getValue());
      String wrong = wrong(of, alone);
      if (!wrong.isEmpty()) {
        String path = at + "." + entry.getKey();
        FieldDescriptor field = named(of, entry.getKey());
        return field == null || field.isMapField()
            ? path + ": " + wrong
            : blameValue(path, entry.getValue(), field, wrong);
      }
    }
    return at + ": " + reason;
  }

  private String blameValue(String at, JsonNode value, FieldDescriptor field, String reason) {
    boolean message = field.getJavaType() == FieldDescriptor.JavaType.MESSAGE;
    if (field.isRepeated() && value.isArray()) {
      for (int i = 0; i < value.size(); i++) {
        ArrayNode one = JSON.createArrayNode().add(value.get(i));
        String wrong =
            wrong(field.getContainingType(), JSON.createObjectNode().set(field.getName(), one));
        if (!wrong.isEmpty()) {
          String path = at + "[" + i + "]";
          return message && value.get(i).isObject()
              ? blame(path, value.get(i), field.getMessageType(), wrong)
              : path + ": " + wrong;
        }
      }
    }
    return message && value.isObject()
        ? blame(at, value, field.getMessageType(), reason)
        : at + ": " + reason;
  }

  private String wrong(Descriptor of, JsonNode node) {
    try {
      parser.merge(node.toString(), DynamicMessage.newBuilder(of));
      return "";
    } catch (InvalidProtocolBufferException e) {
      return reason(e);
    }
  }

  private static @Nullable FieldDescriptor named(Descriptor of, String name) {
    return of.getFields().stream()
        .filter(field -> field.getName().equals(name) || field.getJsonName().equals(name))
        .findFirst()
        .orElse(null);
  }

  private static String reason(InvalidProtocolBufferException e) {
    String message = e.getMessage() == null ? "does not fit" : e.getMessage();
    return message.lines().findFirst().orElse("does not fit");
  }
}
