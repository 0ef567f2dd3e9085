// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.ghz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Configuration files with ghz's keys. */
final class ConfigFileTest {
  private static final String JSON =
      """
      {"proto": "a/b.proto", "call": "a.B.C", "host": "h:1", "total": 7, "concurrency": 3,
       "timeout": "1m", "insecure": true, "import-paths": ["x", "y"], "tags": {"k": "v"},
       "data": {"name": "{{.UUID}}", "n": [1, 2.5]}, "max-recv-message-size": "42 MB"}
      """;
  private static final String TOML =
      """
      proto = "a/b.proto"
      call = "a.B.C"
      host = "h:1"
      total = 7
      concurrency = 3
      timeout = "1m"
      insecure = true
      import-paths = ["x", "y"]
      max-recv-message-size = "42 MB"
      [tags]
      k = "v"
      [data]
      name = "{{.UUID}}"
      n = [1, 2.5]
      """;
  private static final String YAML =
      """
      proto: a/b.proto
      call: a.B.C
      host: h:1
      total: 7
      concurrency: 3
      timeout: 1m
      insecure: true
      import-paths: [x, y]
      max-recv-message-size: 42 MB
      tags: {k: v}
      data:
        name: "{{.UUID}}"
        n: [1, 2.5]
      """;

  @TempDir private Path folder;

  @Test
  void theThreeFormatsSayTheSame() throws IOException {
    Options json = read("c.json", JSON);

    assertThat(json.host()).isEqualTo("h:1");
    assertThat(json.load().total()).isEqualTo(7);
    assertThat(json.load().timeout()).isEqualTo(Duration.ofMinutes(1));
    assertThat(json.tags()).isEqualTo(Map.of("k", "v"));
    assertThat(json.payload().data())
        .isEqualTo(new Payload.Inline("{\"name\":\"{{.UUID}}\",\"n\":[1,2.5]}"));
    assertThat(json.wire().maxReceive()).isEqualTo(42_000_000);
    assertThat(read("c.toml", TOML)).isEqualTo(json);
    assertThat(read("c.yaml", YAML)).isEqualTo(json);
    assertThat(read("c.yml", YAML)).isEqualTo(json);
    for (String text : List.of(JSON, TOML, YAML)) {
      assertThat(read("c.conf", text)).isEqualTo(json);
    }
  }

  @Test
  void flagsThatWereSetOverrideTheFile() throws IOException {
    Options options =
        read("c.json", JSON, "-n", "200", "--no-insecure", "-e", "--timeout", "0", "other:2");

    assertThat(options.load().total()).isEqualTo(200);
    assertThat(options.load().timeout()).isZero();
    assertThat(options.security().insecure()).isFalse();
    assertThat(options.wire().compression()).isTrue();
    assertThat(options.host()).isEqualTo("other:2");
    assertThat(options.load().concurrency()).isEqualTo(3);
  }

  @Test
  void concurrencyStartsAtOneWithAFile() throws IOException {
    assertThat(read("c.json", JSON).load().workers().start()).isOne();
    assertThat(read("c.json", JSON).load().workers().step()).isZero();
  }

  @Test
  void aTimeoutOfNothingInAFileIsNone() throws IOException {
    assertThat(read("c.yaml", "call: a.B.C\nhost: h\ntimeout: 0s\n").load().timeout()).isZero();
  }

  @Test
  void unknownKeysAreRefusedWithTheNearest() {
    refused("unknown key 'concurency'; did you mean concurrency?", "c.json", "{\"concurency\": 1}");
    refused("binary can be given on the command line only", "c.json", "{\"binary\": true}");
  }

  @Test
  void valuesOfAnotherTypeAreRefused() {
    refused("total wants a whole number", "c.json", "{\"total\": \"7\"}");
    refused("timeout wants a string", "c.yaml", "timeout: 5");
    refused("insecure wants true or false", "c.toml", "insecure = \"yes\"");
    refused(
        "data unsupported type for Data: wants an object or an array",
        "c.json",
        "{\"data\": \"x\"}");
    refused(
        "data unsupported type for Data: wants an object or an array", "c.json", "{\"data\": [1]}");
    refused("import-paths wants an array of strings", "c.json", "{\"import-paths\": \"x\"}");
  }

  @Test
  void brokenFilesAreNamedWithTheLine() {
    refused("c.json:2: is not JSON", "c.json", "{\n\"total\": }");
    refused("c.json:2: is not JSON: Duplicate", "c.json", "{\"total\": 1,\n\"total\": 2}");
    refused("c.toml:2: is not TOML", "c.toml", "total = 1\nrps = = 3\n");
    refused("c.yaml:2: is not YAML", "c.yaml", "a: b\n c: {\n");
    assertThatThrownBy(() -> Options.read(List.of("--config=" + folder.resolve("none.json")), 1))
        .isInstanceOf(OptionsException.class)
        .hasMessageContaining("cannot read configuration file");
  }

  private Options read(String name, String text, String... args) throws IOException {
    Path file = Files.writeString(folder.resolve(name), text);
    List<String> all = new ArrayList<>(List.of("--config", file.toString()));
    all.addAll(List.of(args));
    return Options.read(all, 1);
  }

  private void refused(String message, String name, String text) {
    assertThatThrownBy(() -> read(name, text))
        .isInstanceOf(OptionsException.class)
        .hasMessageContaining(message);
  }
}
