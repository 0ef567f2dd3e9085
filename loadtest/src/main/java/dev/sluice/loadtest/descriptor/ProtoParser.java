// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.descriptor;

import com.google.protobuf.DescriptorProtos.EnumDescriptorProto;
import com.google.protobuf.DescriptorProtos.EnumOptions;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.MethodDescriptorProto;
import com.google.protobuf.DescriptorProtos.ServiceDescriptorProto;
import dev.sluice.loadtest.descriptor.Lexer.Token;
import java.util.HashMap;
import java.util.Map;

/**
 * A {@code .proto} file, proto2 or proto3, as the description that protobuf links. Options are
 * skipped but for those that change the wire or the JSON; extensions are skipped whole.
 */
final class ProtoParser {
  private final Lexer lexer;
  private final FileDescriptorProto.Builder file;
  private final Map<String, Integer> lines = new HashMap<>();
  private boolean proto3;

  /** A file, and in which line each of its named elements is. */
  record Parsed(FileDescriptorProto file, Map<String, Integer> lines) {}

  private ProtoParser(String name, String text) {
    this.lexer = new Lexer(name, text);
    this.file = FileDescriptorProto.newBuilder().setName(name);
  }

  static Parsed parse(String name, String text) {
    ProtoParser parser = new ProtoParser(name, text);
    parser.parseFile();
    return new Parsed(parser.file.build(), parser.lines);
  }

  private void parseFile() {
    while (lexer.peek().type() != Lexer.Type.END) {
      Token token = lexer.next();
      switch (token.text()) {
        case "syntax" -> syntax();
        case "package" -> file.setPackage(end(name()));
        case "import" -> imported();
        case "message" ->
            file.addMessageType(new MessageParser(this, file.getPackage(), 0).message());
        case "enum" -> file.addEnumType(enumeration(file.getPackage()));
        case "service" -> service();
        case "option" -> option();
        case "extend" -> {
          name();
          block();
        }
        case ";" -> {}
        case "edition" -> throw lexer.error(token.line(), "only proto2 and proto3 can be read");
        default -> throw lexer.wrong(token, "expected message, enum, service or the like");
      }
    }
  }

  private void syntax() {
    lexer.expect("=");
    Token token = lexer.peek();
    String syntax = end(lexer.string());
    if (!syntax.equals("proto2") && !syntax.equals("proto3")) {
      throw lexer.wrong(token, "expected \"proto2\" or \"proto3\"");
    }
    proto3 = syntax.equals("proto3");
    file.setSyntax(syntax);
  }

  private void imported() {
    boolean passedOn = lexer.accept("public");
    if (!passedOn) {
      lexer.accept("weak");
    }
    if (passedOn) {
      file.addPublicDependency(file.getDependencyCount());
    }
    lines.putIfAbsent(lexer.peek().text(), lexer.peek().line());
    file.addDependency(end(lexer.string()));
  }

  EnumDescriptorProto enumeration(String scope) {
    Token name = lexer.expect(Lexer.Type.WORD, "the name of an enum");
    EnumDescriptorProto.Builder made = EnumDescriptorProto.newBuilder().setName(name.text());
    declare(scope, name);
    lexer.expect("{");
    while (!lexer.accept("}")) {
      if (lexer.accept("option")) {
        if (lexer.peek().text().equals("allow_alias")) {
          made.setOptions(EnumOptions.newBuilder().setAllowAlias(true));
        }
        option();
      } else if (lexer.accept("reserved")) {
        option();
      } else if (!lexer.accept(";")) {
        Token value = lexer.expect(Lexer.Type.WORD, "the name of a value");
        declare(scope, value);
        lexer.expect("=");
        made.addValueBuilder().setName(value.text()).setNumber(number());
        options();
        lexer.expect(";");
      }
    }
    return made.build();
  }

  private void service() {
    Token name = lexer.expect(Lexer.Type.WORD, "the name of a service");
    ServiceDescriptorProto.Builder service = file.addServiceBuilder().setName(name.text());
    declare(file.getPackage(), name);
    lexer.expect("{");
    while (!lexer.accept("}")) {
      if (lexer.accept("rpc")) {
        service.addMethod(rpc(scoped(file.getPackage(), name.text())));
      } else if (lexer.accept("option")) {
        option();
      } else {
        lexer.expect(";");
      }
    }
  }

  private MethodDescriptorProto rpc(String scope) {
    Token name = lexer.expect(Lexer.Type.WORD, "the name of a method");
    declare(scope, name);
    MethodDescriptorProto.Builder method = MethodDescriptorProto.newBuilder().setName(name.text());
    lexer.expect("(");
    method.setClientStreaming(stream()).setInputType(name());
    lexer.expect(")");
    lexer.expect("returns");
    lexer.expect("(");
    method.setServerStreaming(stream()).setOutputType(name());
    lexer.expect(")");
    if (lexer.peek().text().equals("{")) {
      block();
    } else {
      lexer.expect(";");
    }
    return method.build();
  }

  /** A type may be called stream, too. */
  private boolean stream() {
    return lexer.accept("stream");
  }

  /** A name with dots, perhaps with one in front. */
  String name() {
    StringBuilder name = new StringBuilder(lexer.accept(".") ? "." : "");
    do {
      name.append(name.length() > 1 ? "." : "");
      name.append(lexer.expect(Lexer.Type.WORD, "a name").text());
    } while (lexer.accept("."));
    return name.toString();
  }

  int number() {
    boolean negative = lexer.accept("-");
    Token token = lexer.expect(Lexer.Type.NUMBER, "a number");
    try {
      return Math.toIntExact(Long.decode((negative ? "-" : "") + token.text()));
    } catch (NumberFormatException | ArithmeticException e) {
      throw lexer.wrong(token, "expected a whole number of 32 bits");
    }
  }

  /** Skips to the semicolon that ends an option or reservation, over blocks in it. */
  void option() {
    while (!lexer.accept(";")) {
      if (lexer.peek().text().equals("{") && lexer.peek().type() == Lexer.Type.SIGN) {
        block();
      } else if (lexer.next().type() == Lexer.Type.END) {
        throw lexer.wrong(lexer.peek(), "expected \";\"");
      }
    }
  }

  /** Skips options in brackets, if they come next. */
  void options() {
    if (lexer.accept("[")) {
      int depth = 1;
      while (depth > 0) {
        Token token = lexer.next();
        boolean sign = token.type() == Lexer.Type.SIGN;
        if (token.type() == Lexer.Type.END) {
          throw lexer.wrong(token, "expected \"]\"");
        }
        depth += sign && token.text().equals("[") ? 1 : sign && token.text().equals("]") ? -1 : 0;
      }
    }
  }

  void block() {
    lexer.expect("{");
    int depth = 1;
    while (depth > 0) {
      Token token = lexer.next();
      boolean sign = token.type() == Lexer.Type.SIGN;
      if (token.type() == Lexer.Type.END) {
        throw lexer.wrong(token, "expected \"}\"");
      }
      depth += sign && token.text().equals("{") ? 1 : sign && token.text().equals("}") ? -1 : 0;
    }
  }

  private String end(String value) {
    lexer.expect(";");
    return value;
  }

  void declare(String scope, Token name) {
    lines.putIfAbsent(scoped(scope, name.text()), name.line());
  }

  static String scoped(String scope, String name) {
    return scope.isEmpty() ? name : scope + "." + name;
  }

  Lexer lexer() {
    return lexer;
  }

  boolean proto3() {
    return proto3;
  }
}
