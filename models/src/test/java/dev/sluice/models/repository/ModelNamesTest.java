// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.repository;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModelNamesTest {
  @ParameterizedTest
  @ValueSource(strings = {"a", "A", "7", "all-minilm-l6-v2", "bge_m3", "m.v2", "a..b", "CON"})
  void ordinaryNamesAreValid(String name) {
    assertThat(ModelNames.problem(name)).isEmpty();
  }

  static Stream<String> hostile() {
    return Stream.concat(hostileToFileSystems(), hostileToReaders());
  }

  static Stream<String> hostileToFileSystems() {
    return Stream.of(
        "",
        ".",
        "..",
        "...",
        ".hidden",
        "-x",
        "_x",
        " ",
        " a",
        "a ",
        "a b",
        "a\tb",
        "a\nb",
        "a\r\nb: c",
        "a\0",
        "a\0.onnx",
        "\0",
        "/",
        "//",
        "/etc/passwd",
        "a/b",
        "a/",
        "a/../b",
        "../a",
        "../../etc/passwd",
        "..\\a",
        "a\\b",
        "C:\\a",
        "C:a",
        "\\\\host\\share",
        "~",
        "~root",
        "$HOME",
        "${jndi:ldap://x}");
  }

  static Stream<String> hostileToReaders() {
    return Stream.of(
        "%2e%2e",
        "%2e%2e%2f",
        "%252e",
        "..%2f",
        "%00",
        "a%20b",
        "..;/",
        "．．",
        "／",
        "a／b",
        "＼",
        "‥",
        "\u2024\u2024",
        "\u202ea",
        "a\u200b",
        "\ufeffa",
        "\u0430dmin",
        "é",
        "模型",
        "\ud800",
        "\ud83d\ude00",
        "a;rm -rf",
        "a|b",
        "a&b",
        "a`id`",
        "$(id)",
        "'a'",
        "\"a\"",
        "<script>",
        "a?b",
        "a*",
        "a#b",
        "a:b",
        "a@b",
        "a=b",
        "a,b",
        "a+b",
        "a!b",
        "[a]",
        "{a}",
        "file:///etc/passwd",
        "http://host/a",
        "s3://b/a",
        "\u001b[31ma",
        "x".repeat(129),
        "x".repeat(10_000),
        "../".repeat(3000));
  }

  @ParameterizedTest
  @MethodSource("hostile")
  void hostileNamesAreRefusedInPrintableWords(String name) {
    assertThat(ModelNames.valid(name)).isFalse();
    assertThat(ModelNames.problem(name).orElseThrow())
        .contains("cannot be a model name")
        .matches("[ -~]{1,300}");
  }

  @ParameterizedTest
  @MethodSource("hostile")
  void hostileNamesFindNothing(String name, @TempDir Path outer) throws IOException {
    Disk disk = new Disk(outer).onnx("secret/model.onnx").onnx("secret.onnx");
    Files.createDirectory(disk.path("root"));
    ModelRepository repository = new ModelRepository(disk.path("root"));
    assertThat(repository.find(name)).isEmpty();
    assertThat(repository.contentFingerprint(name)).isEmpty();
  }
}
