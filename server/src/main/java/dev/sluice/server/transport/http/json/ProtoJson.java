// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.http.json;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import com.google.protobuf.Message;
import java.util.List;

/**
 * Writes messages under the names of their fields, integers as numbers, and every field that has no
 * presence, empty or not: the clients of these APIs index members that they do not look for.
 */
public final class ProtoJson {
  private ProtoJson() {}

  public static void write(JsonWriter json, Message message) {
    json.object();
    for (FieldDescriptor field : message.getDescriptorForType().getFields()) {
      if (field.hasPresence() && !message.hasField(field)) {
        continue;
      }
      json.name(field.getName());
      if (field.isMapField()) {
        map(json, field, (List<?>) message.getField(field));
      } else if (field.isRepeated()) {
        json.array();
        ((List<?>) message.getField(field)).forEach(value -> value(json, field, value));
        json.endArray();
      } else {
        value(json, field, message.getField(field));
      }
    }
    json.endObject();
  }

  private static void map(JsonWriter json, FieldDescriptor field, List<?> entries) {
    FieldDescriptor key = field.getMessageType().findFieldByName("key");
    FieldDescriptor value = field.getMessageType().findFieldByName("value");
    json.object();
    for (Object entry : entries) {
      Message pair = (Message) entry;
      json.name(String.valueOf(pair.getField(key)));
      value(json, value, pair.getField(value));
    }
    json.endObject();
  }

  private static void value(JsonWriter json, FieldDescriptor field, Object value) {
    switch (value) {
      case Boolean b -> json.bool(b);
      case Integer i when field.getJavaType() == JavaType.INT -> json.number(unsigned(field, i));
      case Long l -> json.number((long) l);
      case Float f -> json.number((float) f);
      case Double d -> json.number((double) d);
      case String s -> json.string(s);
      case EnumValueDescriptor e -> json.string(e.getName());
      case ByteString bytes -> json.base64(bytes.asReadOnlyByteBuffer(), 0, bytes.size());
      case Message message -> write(json, message);
      default -> json.string(value.toString());
    }
  }

  private static long unsigned(FieldDescriptor field, int value) {
    return field.getType() == FieldDescriptor.Type.UINT32 ? Integer.toUnsignedLong(value) : value;
  }
}
