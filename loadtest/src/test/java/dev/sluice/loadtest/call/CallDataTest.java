// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.sluice.loadtest.descriptor.Methods;
import dev.sluice.loadtest.descriptor.ProtoFiles;
import io.grpc.Metadata;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Data as ghz's users write it, and the messages that become of it. */
final class CallDataTest {
  private static final String PROTO =
      """
      syntax = "proto3";
      package h;
      service Greeter { rpc Say (Ask) returns (Ask); rpc Chat (stream Ask) returns (Ask); }
      message Ask {
        string first_name = 1;
        int32 age = 2;
        bytes raw = 3;
        repeated Part parts = 4;
        message Part { int64 size = 1; }
      }
      """;
  private static final Instant NOW = Instant.parse("2026-02-03T04:05:06.789Z");

  @TempDir private Path folder;
  private MethodDescriptor say;
  private MethodDescriptor chat;

  @BeforeEach
  void readProto() throws IOException {
    Path proto = Files.writeString(folder.resolve("h.proto"), PROTO);
    say = Methods.find(ProtoFiles.load(proto, List.of()), "h.Greeter/Say");
    chat = Methods.find(ProtoFiles.load(proto, List.of()), "h.Greeter/Chat");
  }

  @Test
  void bothNamesOfAFieldAndBase64AreTaken() {
    for (String name : List.of("first_name", "firstName")) {
      CallData data =
          CallData.json(
              say, "{\"" + name + "\":\"a\",\"age\":\"7\",\"raw\":\"AQI=\"}", templates());
      assertThat(text(data.messages(call(0))))
          .isEqualTo("first_name: \"a\" age: 7 raw: \"\\001\\002\"");
    }
  }

  @Test
  void anArrayTakesTurnsInUnaryCallsAndIsTheWholeStreamInOthers() {
    String array = "[{\"age\":1},{\"age\":2},{\"age\":3}]";
    CallData unary = CallData.json(say, array, templates());
    assertThat(text(unary.messages(call(0)))).isEqualTo("age: 1");
    assertThat(text(unary.messages(call(4)))).isEqualTo("age: 2");

    CallData stream = CallData.json(chat, array, templates());
    assertThat(stream.messages(call(4))).hasSize(3);
    assertThat(text(List.of(stream.message(call(0), 5)))).isEqualTo("age: 3");
    assertThat(CallData.json(chat, "{\"age\":1}", templates()).messages(call(0))).hasSize(1);
  }

  @Test
  void whatHasNoActionsIsReadOnce() {
    CallData data = CallData.json(say, "{\"age\":1}", templates());
    assertThat(data.messages(call(1)).get(0)).isSameAs(data.messages(call(2)).get(0));
  }

  @Test
  void templatesAreFilledForEachCall() {
    CallData data = CallData.json(say, "{\"age\":{{.RequestNumber}}}", templates());
    assertThat(text(data.messages(call(3)))).isEqualTo("age: 3");
    assertThat(text(data.messages(call(4)))).isEqualTo("age: 4");
  }

  @Test
  void withoutTemplatesBracesAreText() {
    Templates off = new Templates(new Random(1), InstantSource.fixed(NOW), name -> "", true, false);
    CallData data = CallData.json(say, "{\"firstName\":\"{{.UUID}}\"}", off);
    assertThat(text(data.messages(call(0)))).isEqualTo("first_name: \"{{.UUID}}\"");
  }

  @Test
  void theFieldThatDoesNotFitIsNamed() {
    refused("data.age: Not an int32 value", "{\"firstName\":\"a\",\"age\":\"old\"}");
    refused("data.nme: Cannot find field: nme in message h.Ask", "{\"nme\":1}");
    refused("data[1].age: ", "[{\"age\":1},{\"age\":1.5}]");
    refused(
        "data.parts[1].size: Not an int64 value", "{\"parts\":[{\"size\":1},{\"size\":\"x\"}]}");
    refused("data is not JSON: line 2", "{\"age\":\n}");
    refused("data wants an object of fields of h.Ask", "7");
    refused("data is an empty array", "[]");
  }

  @Test
  void binaryDataIsOneMessageOrSeveralBehindTheirLengths() throws IOException {
    ByteString one = CallData.json(say, "{\"age\":1}", templates()).messages(call(0)).get(0);
    ByteString two = CallData.json(say, "{\"age\":2}", templates()).messages(call(0)).get(0);
    ByteArrayOutputStream both = new ByteArrayOutputStream();
    for (ByteString message : List.of(one, two)) {
      both.write(message.size());
      message.writeTo(both);
    }

    assertThat(CallData.binary(say, one).messages(call(0))).containsExactly(one);
    CallData stream = CallData.binary(chat, ByteString.copyFrom(both.toByteArray()));
    assertThat(stream.messages(call(0))).containsExactly(one, two);
    assertThatThrownBy(() -> CallData.binary(say, ByteString.copyFromUtf8("no protobuf")))
        .isInstanceOf(CallException.class)
        .hasMessageStartingWith("binary data is neither one h.Ask");
    assertThat(CallData.empty(say).messages(call(0))).containsExactly(ByteString.EMPTY);
  }

  @Test
  void metadataIsFilledAndBinaryKeysAreBase64() {
    CallMetadata metadata =
        CallMetadata.json("{\"n\":\"{{.RequestNumber}}\",\"k-bin\":\"AQI=\"}", templates());
    Metadata made = metadata.of(call(5));
    assertThat(made.get(Metadata.Key.of("n", Metadata.ASCII_STRING_MARSHALLER))).isEqualTo("5");
    assertThat(made.get(Metadata.Key.of("k-bin", Metadata.BINARY_BYTE_MARSHALLER)))
        .containsExactly(1, 2);
    for (Map.Entry<String, String> wrong :
        Map.of(
                "{\"k-bin\":\"%\"}", "metadata.k-bin wants base64",
                "{\"a b\":\"x\"}", "metadata.a b is no valid key",
                "{\"a\":1}", "metadata.a wants a string",
                "[]", "metadata wants an object")
            .entrySet()) {
      assertThatThrownBy(() -> CallMetadata.json(wrong.getKey(), templates()))
          .isInstanceOf(CallException.class)
          .hasMessageContaining(wrong.getValue());
    }
  }

  @Test
  void fieldsOfTheCallAreThere() {
    String all =
        "{{.WorkerID}} {{.RequestNumber}} {{.FullyQualifiedName}} {{.MethodName}} {{.ServiceName}}"
            + " {{.InputName}} {{.OutputName}} {{.IsClientStreaming}} {{.IsServerStreaming}}"
            + " {{.Timestamp}} {{.TimestampUnix}} {{.TimestampUnixMilli}} {{.TimestampUnixNano}}";
    assertThat(templates().parse(all).fill(call(3)))
        .isEqualTo(
            "g0c0 3 h.Greeter.Say Say Greeter Ask Ask false false 2026-02-03T04:05:06Z"
                + " 1770091506 1770091506789 1770091506789000000");
    assertThat(templates().parse("{{.UUID}}{{.UUID}}").fill(call(0))).matches("([-0-9a-f]{36})\\1");
  }

  @Test
  void actionsAreGos() {
    Map.ofEntries(
            Map.entry("{{printf \"%05d|%.2f|%q|%v\" 42 1.5 \"x\" true}}", "00042|1.50|\"x\"|true"),
            Map.entry("{{if eq .RequestNumber 3}}a{{else if true}}b{{else}}c{{end}}", "a"),
            Map.entry("{{if gt .RequestNumber 3}}a{{else if false}}b{{else}}c{{end}}", "c"),
            Map.entry("{{range list 1 2 3}}<{{.}}{{$.RequestNumber}}>{{end}}", "<13><23><33>"),
            Map.entry("{{range list}}x{{else}}none{{end}}", "none"),
            Map.entry("{{with .MethodName}}[{{.}}]{{end}}", "[Say]"),
            Map.entry("{{.MethodName | upper | repeat 2}}", "SAYSAY"),
            Map.entry("a {{- /* note */ -}} b", "ab"),
            Map.entry("{{`}}` | trim}}", "}}"),
            Map.entry("{{add 1 (mul 2 3)}} {{sub 5 2}} {{div 7 2}} {{mod 7 2}}", "7 3 3 1"),
            Map.entry(
                "{{max 1 5 2}} {{min 4 2}} {{default \"d\" \"\"}} {{ternary 1 2 false}}",
                "5 2 d 2"),
            Map.entry("{{b64enc \"ab\"}} {{b64dec \"YWI=\"}} {{lower \"AB\"}}", "YWI= ab ab"),
            Map.entry("{{toJson (dict \"a\" (list 1 \"x\"))}}", "{\"a\":[1,\"x\"]}"),
            Map.entry(
                "{{now | date \"2006-01-02T15:04:05\"}} {{now | unixEpoch}}",
                "2026-02-03T04:05:06 1770091506"),
            Map.entry("{{env \"HOME\"}}", "<HOME>"))
        .forEach((text, made) -> assertThat(templates().parse(text).fill(call(3))).isEqualTo(made));
  }

  @Test
  void randomValuesKeepTheirBoundsAndFollowTheSeed() {
    String text =
        "{{randomString 20}} {{randomString 0}} {{randomInt -5 3}} {{randAlpha 4}} {{randNumeric 4}}"
            + " {{randAlphaNum 4}} {{newUUID}}";
    String uuid = "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}";
    Template template = templates().parse(text);
    for (int i = 0; i < 200; i++) {
      assertThat(template.fill(call(0)))
          .matches(
              "[a-zA-Z0-9]{20} [a-zA-Z0-9]{2,16} [012] [a-zA-Z]{4} [0-9]{4} [a-zA-Z0-9]{4} "
                  + uuid);
    }
    assertThat(templates().parse(text).fill(call(0)))
        .isEqualTo(templates().parse(text).fill(call(0)));
  }

  @Test
  void mistakesInTemplatesAreNamed() {
    Map.of(
            "{{newUID}}", "{{newUID}}: function \"newUID\" not defined; did you mean newUUID?",
            "{{.RequestNumbr}}", "no field RequestNumbr; did you mean .RequestNumber?",
            "{{if true}}", "{{if}} has no {{end}}",
            "{{end}}", "unexpected {{end}}",
            "{{upper", "an action does not end: {{upper",
            "{{randomInt 3 3}}", "randomInt wants a minimum below the maximum",
            "{{upper}}", "upper wants more arguments",
            "{{repeat 99999999999 \"x\"}}", "wants to make at most",
            "{{div 1 0}}", "div / by zero",
            "{{$x := 1}}", "cannot be read")
        .forEach(
            (text, message) ->
                assertThatThrownBy(() -> templates().parse(text).fill(call(0)))
                    .isInstanceOf(CallException.class)
                    .hasMessageContaining(message));
    Templates bare =
        new Templates(new Random(1), InstantSource.fixed(NOW), name -> "", false, true);
    assertThatThrownBy(() -> bare.parse("{{newUUID}}"))
        .hasMessageContaining("function \"newUUID\" not defined");
  }

  private void refused(String message, String data) {
    assertThatThrownBy(() -> CallData.json(say, data, templates()))
        .isInstanceOf(CallException.class)
        .hasMessageContaining(message);
  }

  private CallContext call(long number) {
    return templates().context(say, "g0c0", number);
  }

  private static Templates templates() {
    return new Templates(
        new Random(7), InstantSource.fixed(NOW), name -> "<" + name + ">", true, true);
  }

  private String text(List<ByteString> messages) {
    assertThat(messages).hasSize(1);
    try {
      return DynamicMessage.parseFrom(say.getInputType(), messages.get(0))
          .toString()
          .strip()
          .replace("\n", " ");
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
  }
}
