// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.grpc;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.WireFormat;
import dev.sluice.server.telemetry.Limit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What {@link MessageScan} has to know of a type of message: which fields it counts, and how many
 * of each may come.
 *
 * <p>Counted is what becomes an object each time that it occurs: messages, entries of maps, strings
 * and bytes that repeat. Not counted are numbers: protobuf keeps them in plain arrays, at most 8
 * bytes for each byte of the wire, packed or not. Nor are single strings, as each replaces the one
 * before. A field that comes with another wire type than its own is unknown to protobuf, and so it
 * is here.
 *
 * <p>Immutable. For types that do not contain themselves, as all requests are.
 */
final class MessageShape {
  /**
   * A field that occurs at most so often in one message, wherever its parents are.
   *
   * @param counted as which limit; null for none that can be set
   */
  record Counter(String field, int limit, @Nullable Limit counted) {}

  /**
   * What to do with a field.
   *
   * @param counter the index of its counter; negative for none
   * @param nested the fields inside; null when there is nothing to look at
   */
  record Rule(int counter, @Nullable Level nested) {}

  /** The fields of one message, by their tags: numbers and wire types in one. */
  static final class Level {
    private @Nullable Rule[] byTag = new Rule[0];

    @Nullable Rule rule(int tag) {
      return tag >= 0 && tag < byTag.length ? byTag[tag] : null;
    }

    private void put(int number, int wireType, Rule rule) {
      int tag = number << 3 | wireType;
      if (tag >= byTag.length) {
        byTag = Arrays.copyOf(byTag, tag + 1);
      }
      byTag[tag] = rule;
    }
  }

  private static final Rule PASS_OVER = new Rule(-1, null);

  private final MessageLimits limits;
  private final List<Counter> counters = new ArrayList<>();
  private final Level top;

  MessageShape(Descriptor type, MessageLimits limits) {
    this.limits = limits;
    this.top = level(type, "", 1);
  }

  Level top() {
    return top;
  }

  int counters() {
    return counters.size();
  }

  Counter counter(int index) {
    return counters.get(index);
  }

  private Level level(Descriptor type, String path, int parents) {
    Level level = new Level();
    for (FieldDescriptor field : type.getFields()) {
      level.put(field.getNumber(), field.getLiteType().getWireType(), rule(field, path, parents));
      if (field.isPackable()) {
        level.put(field.getNumber(), WireFormat.WIRETYPE_LENGTH_DELIMITED, PASS_OVER);
      }
    }
    return level;
  }

  private Rule rule(FieldDescriptor field, String path, int parents) {
    boolean message = field.getJavaType() == FieldDescriptor.JavaType.MESSAGE;
    boolean counted = message || (field.isRepeated() && !field.isPackable());
    if (!counted) {
      return PASS_OVER;
    }
    boolean partOfMap = field.getContainingType().getOptions().getMapEntry();
    String name =
        partOfMap ? path : path.isEmpty() ? field.getName() : path + "." + field.getName();
    // A single message comes once per parent, if the client is no fool.
    int limit = field.isRepeated() ? limits.occurrences(field) : parents;
    int counter = counters.size();
    counters.add(new Counter(name, limit, MessageLimits.setting(field)));
    return new Rule(counter, message ? level(field.getMessageType(), name, limit) : null);
  }
}
