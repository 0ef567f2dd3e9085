// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.descriptor;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Label;
import com.google.protobuf.DescriptorProtos.MessageOptions;
import com.google.protobuf.DescriptorProtos.OneofDescriptorProto;
import dev.sluice.loadtest.descriptor.Lexer.Token;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** One message, with those inside of it. */
final class MessageParser {
  private static final int DEEPEST = 32;
  private static final Map<String, FieldDescriptorProto.Type> SCALARS =
      Stream.of(FieldDescriptorProto.Type.values())
          .filter(
              type ->
                  type != FieldDescriptorProto.Type.TYPE_GROUP
                      && type != FieldDescriptorProto.Type.TYPE_MESSAGE
                      && type != FieldDescriptorProto.Type.TYPE_ENUM)
          .collect(
              Collectors.toUnmodifiableMap(
                  type -> type.name().substring("TYPE_".length()).toLowerCase(Locale.ROOT),
                  type -> type));

  private final ProtoParser parser;
  private final Lexer lexer;
  private final String outer;
  private final int depth;
  private final DescriptorProto.Builder made = DescriptorProto.newBuilder();
  private final List<FieldDescriptorProto.Builder> optionals = new ArrayList<>();
  private String scope = "";

  MessageParser(ProtoParser parser, String outer, int depth) {
    this.parser = parser;
    this.lexer = parser.lexer();
    this.outer = outer;
    this.depth = depth;
  }

  /** Reads what follows the word message. */
  DescriptorProto message() {
    Token name = lexer.expect(Lexer.Type.WORD, "the name of a message");
    if (depth > DEEPEST) {
      throw lexer.error(name.line(), "messages are nested too deeply");
    }
    parser.declare(outer, name);
    made.setName(name.text());
    scope = ProtoParser.scoped(outer, name.text());
    lexer.expect("{");
    while (!lexer.accept("}")) {
      element();
    }
    for (FieldDescriptorProto.Builder field : optionals) {
      field.setOneofIndex(made.getOneofDeclCount());
      made.addOneofDecl(OneofDescriptorProto.newBuilder().setName("_" + field.getName()));
    }
    return made.build();
  }

  private void element() {
    Token token = lexer.peek();
    switch (token.text()) {
      case "message" -> {
        lexer.next();
        made.addNestedType(new MessageParser(parser, scope, depth + 1).message());
      }
      case "enum" -> {
        lexer.next();
        made.addEnumType(parser.enumeration(scope));
      }
      case "oneof" -> oneof();
      case "option", "reserved", "extensions" -> parser.option();
      case "extend" -> {
        lexer.next();
        parser.name();
        parser.block();
      }
      case "map" -> {
        lexer.next();
        map();
      }
      case ";" -> lexer.next();
      default -> labelled();
    }
  }

  private void labelled() {
    boolean repeated = lexer.accept("repeated");
    boolean required = !repeated && lexer.accept("required");
    boolean optional = !repeated && !required && lexer.accept("optional");
    FieldDescriptorProto.Builder field = made.addFieldBuilder();
    field.setLabel(
        repeated ? Label.LABEL_REPEATED : required ? Label.LABEL_REQUIRED : Label.LABEL_OPTIONAL);
    field(field);
    if (optional && parser.proto3()) {
      field.setProto3Optional(true);
      optionals.add(field);
    }
  }

  private void oneof() {
    lexer.next();
    Token name = lexer.expect(Lexer.Type.WORD, "the name of a oneof");
    int index = made.getOneofDeclCount();
    made.addOneofDecl(OneofDescriptorProto.newBuilder().setName(name.text()));
    lexer.expect("{");
    while (!lexer.accept("}")) {
      if (lexer.accept("option")) {
        parser.option();
      } else if (!lexer.accept(";")) {
        FieldDescriptorProto.Builder field = made.addFieldBuilder();
        field(field.setLabel(Label.LABEL_OPTIONAL));
        field.setOneofIndex(index);
      }
    }
  }

  private void field(FieldDescriptorProto.Builder field) {
    Token first = lexer.peek();
    if (first.text().equals("group")) {
      throw lexer.error(first.line(), "groups cannot be read");
    }
    type(field, parser.name());
    rest(field);
  }

  private void map() {
    if (!lexer.accept("<")) {
      throw lexer.wrong(lexer.peek(), "expected \"<\"");
    }
    FieldDescriptorProto.Builder key = entryField("key", 1);
    lexer.expect(",");
    FieldDescriptorProto.Builder value = entryField("value", 2);
    lexer.expect(">");
    FieldDescriptorProto.Builder field = made.addFieldBuilder().setLabel(Label.LABEL_REPEATED);
    rest(field);
    String entry = camel(field.getName()) + "Entry";
    made.addNestedType(
        DescriptorProto.newBuilder()
            .setName(entry)
            .addField(key)
            .addField(value)
            .setOptions(MessageOptions.newBuilder().setMapEntry(true)));
    field.setType(FieldDescriptorProto.Type.TYPE_MESSAGE).setTypeName("." + scope + "." + entry);
  }

  private FieldDescriptorProto.Builder entryField(String name, int number) {
    FieldDescriptorProto.Builder field =
        FieldDescriptorProto.newBuilder()
            .setName(name)
            .setNumber(number)
            .setLabel(Label.LABEL_OPTIONAL);
    type(field, parser.name());
    return field;
  }

  /** Whether a name is of a message or of an enum, protobuf finds when it links. */
  private static void type(FieldDescriptorProto.Builder field, String name) {
    FieldDescriptorProto.Type scalar = SCALARS.get(name);
    if (scalar == null) {
      field.setTypeName(name);
    } else {
      field.setType(scalar);
    }
  }

  private void rest(FieldDescriptorProto.Builder field) {
    Token name = lexer.expect(Lexer.Type.WORD, "the name of a field");
    parser.declare(scope, name);
    field.setName(name.text());
    lexer.expect("=");
    field.setNumber(parser.number());
    if (lexer.accept("[")) {
      do {
        option(field);
      } while (lexer.accept(","));
      lexer.expect("]");
    }
    lexer.expect(";");
  }

  private void option(FieldDescriptorProto.Builder field) {
    String name = lexer.next().text();
    if (name.equals("packed") && lexer.accept("=")) {
      field.getOptionsBuilder().setPacked(lexer.next().text().equals("true"));
    } else if (name.equals("json_name") && lexer.accept("=")) {
      field.setJsonName(lexer.string());
    } else if (name.equals("default") && lexer.accept("=")) {
      String sign = lexer.accept("-") ? "-" : "";
      boolean string = lexer.peek().type() == Lexer.Type.STRING;
      field.setDefaultValue(sign + (string ? lexer.string() : lexer.next().text()));
    } else {
      skipOption();
    }
  }

  private void skipOption() {
    while (!List.of(",", "]", "").contains(lexer.peek().text())
        || lexer.peek().type() == Lexer.Type.STRING) {
      if (lexer.peek().text().equals("{") && lexer.peek().type() == Lexer.Type.SIGN) {
        parser.block();
      } else if (lexer.peek().text().equals("[") && lexer.peek().type() == Lexer.Type.SIGN) {
        parser.options();
      } else {
        lexer.next();
      }
    }
  }

  private static String camel(String name) {
    return Stream.of(name.split("_"))
        .filter(part -> !part.isEmpty())
        .map(part -> Character.toUpperCase(part.charAt(0)) + part.substring(1))
        .collect(Collectors.joining());
  }
}
