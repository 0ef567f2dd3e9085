// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.descriptor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import dev.sluice.proto.inference.GrpcServiceProto;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Proto files as people write them, and compiled ones. */
final class ProtoFilesTest {
  private static final String GREETER =
      """
      // A comment; with "quotes" and { braces }.
      syntax = "proto3";
      package hello.v1;
      import "google/protobuf/timestamp.proto";
      import "common/kind.proto";
      option java_package = "x.y";
      option (some.option) = { a: 1, b: { c: "}" } };

      service Greeter {
        option deprecated = true;
        rpc Say (Ask) returns (.hello.v1.Answer);
        rpc Chat (stream Ask) returns (stream Answer) { option (http) = { get: "/v1/{name}" }; }
      }
      /* block
         comment */
      message Ask {
        reserved 9, 20 to max;
        reserved "old";
        string name = 1 [deprecated = true, (opt) = { s: "]" }];
        optional int32 age = 2;
        oneof who { bool all = 3; Answer.Part some = 4; }
        map<string, common.Kind> kinds = 5;
        google.protobuf.Timestamp at = 6 [json_name = "when"];
        repeated int64 ids = 0x7 [packed = false];
        message Inner { enum E { A = 0; B = -1; } E e = 1; }
        Inner inner = 8;
      }
      message Answer { message Part { bytes raw = 1; } Part part = 1; }
      """;

  @TempDir private Path folder;

  @Test
  void everyPartOfAFileIsThere() throws IOException {
    MethodDescriptor say = Methods.find(greeter(), "hello.v1.Greeter/Say");
    Descriptor ask = say.getInputType();

    assertThat(say.isClientStreaming()).isFalse();
    assertThat(say.getOutputType().getFullName()).isEqualTo("hello.v1.Answer");
    assertThat(ask.getFields())
        .extracting(FieldDescriptor::getName)
        .containsExactly("name", "age", "all", "some", "kinds", "at", "ids", "inner");
    assertThat(field(ask, "age").hasPresence()).isTrue();
    assertThat(field(ask, "name").hasPresence()).isFalse();
    assertThat(ask.getRealOneofs()).hasSize(1);
    assertThat(field(ask, "kinds").isMapField()).isTrue();
    assertThat(field(ask, "at").getJsonName()).isEqualTo("when");
    assertThat(field(ask, "at").getMessageType().getFullName())
        .isEqualTo("google.protobuf.Timestamp");
    assertThat(field(ask, "ids").isPacked()).isFalse();
    assertThat(field(ask, "ids").getNumber()).isEqualTo(7);
    assertThat(field(ask, "some").getMessageType().getFullName()).isEqualTo("hello.v1.Answer.Part");
    assertThat(ask.findNestedTypeByName("Inner").findFieldByName("e").getEnumType().getValues())
        .hasSize(2);
  }

  @Test
  void methodsAreNamedInBothWays() throws IOException {
    List<FileDescriptor> files = greeter();
    for (String call :
        List.of("hello.v1.Greeter/Chat", "hello.v1.Greeter.Chat", ".hello.v1.Greeter.Chat")) {
      assertThat(Methods.find(files, call).isClientStreaming()).isTrue();
    }
    assertThatThrownBy(() -> Methods.find(files, "hello.v1.Greter/Say"))
        .hasMessage("service hello.v1.Greter not found; did you mean hello.v1.Greeter?");
    assertThatThrownBy(() -> Methods.find(files, "hello.v1.Greeter/Chta"))
        .hasMessage("service hello.v1.Greeter has no method Chta; did you mean Chat?");
    assertThatThrownBy(() -> Methods.find(files, "Say"))
        .hasMessageContaining("wants pkg.Service/Method or pkg.Service.Method");
  }

  @Test
  void proto2HasItsDefaultsAndExtensionsAreSkipped() throws IOException {
    Path file =
        write(
            "two.proto",
            """
            package p;
            message M {
              required string s = 1 [default = "a\\"b"];
              optional sint32 n = 2 [default = -5];
              extensions 100 to max;
              extend M { optional int32 x = 100; }
            }
            service S { rpc R (M) returns (M); }
            """);

    Descriptor m = Methods.find(ProtoFiles.load(file, List.of()), "p.S/R").getInputType();

    assertThat(field(m, "s").isRequired()).isTrue();
    assertThat(field(m, "s").getDefaultValue()).isEqualTo("a\"b");
    assertThat(field(m, "n").getDefaultValue()).isEqualTo(-5);
  }

  @Test
  void theProtoOfInferenceMeansWhatProtocMakesOfIt() {
    Path protos = Path.of("..", "proto", "src", "main", "proto");
    Path file = protos.resolve("inference/grpc_service.proto");
    List<FileDescriptor> files = ProtoFiles.load(file, List.of(protos));
    FileDescriptor read =
        Methods.find(files, "inference.GRPCInferenceService/ModelInfer").getFile();
    FileDescriptor compiled = GrpcServiceProto.getDescriptor();

    assertThat(read.getMessageTypes().stream().map(ProtoFilesTest::shape).toList())
        .isEqualTo(compiled.getMessageTypes().stream().map(ProtoFilesTest::shape).toList());
  }

  @Test
  void aFileIsLookedForInTheImportPathsToo() {
    Path protos = Path.of("..", "proto", "src", "main", "proto");
    Path named = Path.of("inference", "grpc_service.proto");

    assertThat(ProtoFiles.load(named, List.of(protos)))
        .extracting(FileDescriptor::getName)
        .containsExactly("inference/model_config.proto", "inference/grpc_service.proto");
    assertThatThrownBy(() -> ProtoFiles.load(Path.of("no", "x.proto"), List.of(protos)))
        .hasMessage("proto file no/x.proto not found in no, ., " + protos);
  }

  @Test
  void mistakesAreNamedWithFileAndLine() throws IOException {
    refused("a.proto:2: ", "expected \"=\", found \"1\"", "message M {\n string s 1;\n}");
    refused(
        "a.proto:3: p.M.f", "\"Nope\" is not defined", "package p;\nmessage M {\n Nope f = 1;\n}");
    refused("a.proto:1: ", "import no.proto not found in ", "import \"no.proto\";");
    refused("a.proto:1: ", "imported in a circle", "import \"a.proto\";");
    refused("a.proto:1: ", "only proto2 and proto3", "edition = \"2023\";");
    refused(
        "a.proto:1: ", "expected \"}\", found end of file", "service S { rpc R (A) returns (B) {");
    refused("a.proto:2: ", "expected a name", "message M {\n");
    assertThatThrownBy(() -> ProtoFiles.load(folder.resolve("none.proto"), List.of()))
        .isInstanceOf(DescriptorException.class)
        .hasMessageContaining("none.proto not found");
  }

  @Test
  void messagesInsideOfMessagesWithoutEndAreRefused() throws IOException {
    refused("a.proto:1: ", "nested too deeply", "message M { ".repeat(10_000));
  }

  @Test
  void aCompiledSetHasTheSame() throws IOException {
    FileDescriptorSet.Builder set = FileDescriptorSet.newBuilder();
    // Out of order: what is imported comes last.
    List<FileDescriptor> files = greeter().reversed();
    files.forEach(file -> set.addFile(file.toProto()));
    Path file = folder.resolve("x.protoset");
    Files.write(file, set.build().toByteArray());
    assertThatThrownBy(() -> Protoset.load(file))
        .hasMessageContaining("imported file google/protobuf/timestamp.proto is missing");

    set.addFile(com.google.protobuf.TimestampProto.getDescriptor().toProto());
    Files.write(file, set.build().toByteArray());
    assertThat(Methods.find(Protoset.load(file), "hello.v1.Greeter.Say").getFullName())
        .isEqualTo("hello.v1.Greeter.Say");
    Files.writeString(file, "no protobuf");
    assertThatThrownBy(() -> Protoset.load(file)).hasMessageContaining("is no FileDescriptorSet");
  }

  private List<FileDescriptor> greeter() throws IOException {
    write(
        "imports/common/kind.proto", "syntax = 'proto3'; package common; enum Kind { NONE = 0; }");
    return ProtoFiles.load(write("greet.proto", GREETER), List.of(folder.resolve("imports")));
  }

  private void refused(String where, String what, String text) throws IOException {
    Path file = write("a.proto", text);
    assertThatThrownBy(() -> ProtoFiles.load(file, List.of()))
        .isInstanceOf(DescriptorException.class)
        .hasMessageContaining(where)
        .hasMessageContaining(what);
  }

  private static String shape(Descriptor message) {
    String fields =
        message.getFields().stream()
            .map(
                field ->
                    field.getName()
                        + field.getNumber()
                        + field.getType()
                        + field.isRepeated()
                        + field.isPacked()
                        + field.getJsonName()
                        + field.hasPresence())
            .collect(Collectors.joining(","));
    return message.getFullName()
        + fields
        + message.getNestedTypes().stream().map(ProtoFilesTest::shape).sorted().toList();
  }

  private static FieldDescriptor field(Descriptor message, String name) {
    return message.getFields().stream()
        .filter(field -> field.getName().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private Path write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }
}
