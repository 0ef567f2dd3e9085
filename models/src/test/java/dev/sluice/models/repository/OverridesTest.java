// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.repository;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.models.spec.BrownoutSettings;
import dev.sluice.models.spec.DeviceChoice;
import dev.sluice.models.spec.EngineKind;
import dev.sluice.models.spec.FidelityBudget;
import dev.sluice.models.spec.FormingSettings;
import dev.sluice.models.spec.ModelSettings;
import dev.sluice.models.spec.QuantScheme;
import dev.sluice.models.spec.Task;
import dev.sluice.models.spec.VariantSettings;
import dev.sluice.proto.inference.DataType;
import dev.sluice.proto.inference.ModelConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OverridesTest {
  private final Disk disk;

  OverridesTest(@TempDir Path root) {
    disk = new Disk(root);
  }

  private Disk yaml(String text) throws IOException {
    return disk.onnx("m/model.onnx").text("m/model.yaml", text);
  }

  @Test
  void everySettingCanBeReplaced() throws IOException {
    yaml(
        """
        device: gpu:2
        lanes: 4
        max_batch_rows: 64
        max_batch_tokens: 16384
        linger_ms: 5
        max_queue_rows: 1000
        queue_timeout_ms: 250
        preferred_batch_rows: [ 8, 64 ]
        preserve_order: true
        max_batch_bytes: 1048576
        target_wait_ms: 40
        tenant_weights: { gold: 4, "17": 2 }
        max_tenant_share: 0.5
        variants:
          offer: none
          policy: brownout
          serve: int8
          scheme: per-token
          budget: { cosine_mean: 0.9, cosine_p1: 0.8 }
          served_below_budget: [ int8 ]
          brownout: { budget_ms: 40, enter: 0.75, leave: 0.25, stay_ms: 3000 }
        """);
    ModelSettings settings = disk.spec().settings();
    assertThat(settings.device()).isEqualTo(new DeviceChoice.Gpu(2));
    assertThat(settings.lanes()).hasValue(4);
    assertThat(settings.maxBatchRows()).hasValue(64);
    assertThat(settings.maxBatchTokens()).hasValue(16384);
    assertThat(settings.linger()).isEqualTo(Duration.ofMillis(5));
    assertThat(settings.maxQueueRows()).hasValue(1000);
    assertThat(settings.queueTimeout()).isEqualTo(Duration.ofMillis(250));
    FormingSettings forming = settings.forming();
    assertThat(forming.preferredRows()).containsExactly(8, 64);
    assertThat(forming.keepOrder()).isTrue();
    assertThat(forming.maxBatchBytes()).hasValue(1 << 20);
    assertThat(forming.targetWait()).hasValue(Duration.ofMillis(40));
    assertThat(forming.tenantWeights()).hasValue(Map.of("gold", 4, "17", 2));
    assertThat(forming.maxTenantShare()).hasValue(0.5);
    assertThat(settings.variants())
        .isEqualTo(
            new VariantSettings(
                Set.of(),
                VariantSettings.Policy.BROWNOUT,
                "int8",
                Optional.of(QuantScheme.PER_TOKEN),
                new FidelityBudget(0.9, 0.8),
                Set.of("int8"),
                new BrownoutSettings(
                    Optional.of(Duration.ofMillis(40)), 0.75, 0.25, Duration.ofSeconds(3))));
  }

  @Test
  void whatTheFileLeavesOpenAboutVariantsIsForTheServerToSay() throws IOException {
    yaml("variants: { serve: own, scheme: auto, brownout: { enter: 0.9 } }");
    VariantSettings server =
        new VariantSettings(
            Set.of(),
            VariantSettings.Policy.FASTEST,
            "int8",
            Optional.of(QuantScheme.STATIC),
            new FidelityBudget(0.9, 0.8),
            Set.of("int8"),
            new BrownoutSettings(Optional.empty(), 0.75, 0.25, Duration.ofSeconds(3)));
    VariantSettings merged = disk.spec(server).settings().variants();
    assertThat(merged)
        .isEqualTo(
            new VariantSettings(
                Set.of(),
                VariantSettings.Policy.FASTEST,
                "",
                Optional.empty(),
                new FidelityBudget(0.9, 0.8),
                Set.of("int8"),
                new BrownoutSettings(Optional.empty(), 0.9, 0.25, Duration.ofSeconds(3))));
  }

  @Test
  void settingsReplaceThoseOfATritonConfiguration() throws IOException {
    disk.onnx("m/1/model.onnx")
        .text("m/config.pbtxt", "max_batch_size: 8 instance_group { count: 2 kind: KIND_GPU }")
        .text("m/model.yaml", "device: cpu\nmax_batch_rows: 4\n");
    ModelSettings settings = disk.spec().settings();
    assertThat(settings.device()).isEqualTo(DeviceChoice.CPU);
    assertThat(settings.lanes()).hasValue(2);
    assertThat(settings.maxBatchRows()).hasValue(4);
  }

  @Test
  void asManyTenantsHaveWeightsAsAreAllowed() throws IOException {
    yaml(tenants(256));
    assertThat(disk.spec().settings().forming().tenantWeights().orElseThrow()).hasSize(256);
  }

  @Test
  void noWeightsAreNotTheSameAsNothingSaid() throws IOException {
    yaml("tenant_weights: {}");
    assertThat(disk.spec().settings().forming().tenantWeights()).hasValue(Map.of());
  }

  @Test
  void oneTenantMoreIsRefused() throws IOException {
    yaml(tenants(257));
    assertThat(disk.reason()).contains("tenant_weights must be at most 256 tenants");
  }

  private static String tenants(int count) {
    return IntStream.range(0, count)
        .mapToObj(tenant -> "t" + tenant + ": 2")
        .collect(Collectors.joining(", ", "tenant_weights: {", "}"));
  }

  @Test
  void aBatchAboveTheTritonConfigurationIsRefused() throws IOException {
    disk.onnx("m/1/model.onnx")
        .text("m/config.pbtxt", "max_batch_size: 8")
        .text("m/model.yaml", "max_batch_rows: 9");
    assertThat(disk.reason()).contains("max_batch_rows 9 is above max_batch_size 8");
  }

  @Test
  void tensorsAreDeclaredWithTheirBatchDimension() throws IOException {
    disk.torchScript("m/model.pt")
        .text(
            "m/model.yaml",
            """
            max_batch_rows: 16
            inputs: [ { name: x, datatype: FP32, shape: [ -1, 3, 4 ] } ]
            outputs:
              - name: y
                datatype: BYTES
                shape: [ -1, -1 ]
            """);
    ModelConfig config = disk.spec().config();
    assertThat(config.getMaxBatchSize()).isEqualTo(16);
    assertThat(config.getInput(0).getDataType()).isEqualTo(DataType.TYPE_FP32);
    assertThat(config.getInput(0).getDimsList()).containsExactly(3L, 4L);
    assertThat(config.getOutput(0).getDataType()).isEqualTo(DataType.TYPE_STRING);
    assertThat(config.getOutput(0).getDimsList()).containsExactly(-1L);
  }

  @Test
  void tensorsWithoutABatchKeepTheirShape() throws IOException {
    yaml("inputs: [ { name: x, datatype: INT64, shape: [ 2, 3 ] } ]");
    assertThat(disk.spec().config().getMaxBatchSize()).isZero();
    assertThat(disk.spec().config().getInput(0).getDimsList()).containsExactly(2L, 3L);
  }

  @Test
  void engineAndFileCanBeNamed() throws IOException {
    disk.bytes("m/weights", Disk.identity("y", 2).toByteArray())
        .text("m/model.yaml", "file: weights\nengine: onnxruntime");
    assertThat(disk.spec().engine()).isEqualTo(EngineKind.ONNX_RUNTIME);
  }

  @Test
  void aTextModelCanBeServedOverItsTensors() throws IOException {
    disk.textModel("m").text("m/model.yaml", "task: tensor");
    assertThat(disk.spec().task()).isEqualTo(Task.TENSOR);
  }

  @Test
  void anEmptyFileSaysNothing() throws IOException {
    yaml("# nothing\n");
    assertThat(disk.spec().settings()).isEqualTo(ModelSettings.DEFAULT);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "max_batch_row: 3 | unknown key 'max_batch_row'; did you mean 'max_batch_rows'?",
        "zzzzzzzz: 3 | unknown key 'zzzzzzzz'",
        "lanes: 0 | lanes must be a whole number from 1 to 1024, not '0'",
        "lanes: many | lanes must be a whole number",
        "lanes: 1.5 | lanes must be a whole number",
        "max_batch_rows: 99999999999999999999 | max_batch_rows must be a whole number",
        "preferred_batch_rows: [8, 4] | must be a growing list of sizes",
        "tenant_weights: 3 | tenant_weights must be a mapping",
        "tenant_weights: {gold: 0} | must be at most 256 tenants with weights from 1 to 1000",
        "tenant_weights: {gold: 1001} | must be at most 256 tenants",
        "tenant_weights: {gold: 1.5} | must be at most 256 tenants",
        "tenant_weights: {17: 1} | such as {gold: 4, \"17\": 2}",
        "tenant_weights: {a b: 1} | must be at most 256 tenants",
        "max_tenant_share: 0 | must be a number above 0 and up to 1",
        "max_tenant_share: .nan | must be a number above 0 and up to 1",
        "variants: int8 | model.yaml: variants must hold 'key: value' lines",
        "variants: { polcy: fixed } | variants: unknown key 'polcy'; did you mean 'policy'?",
        "variants: { policy: fastst } | policy must be one of fixed, fastest, brownout, not 'fastst'; did you mean 'fastest'?",
        "variants: { serve: int3 } | serve must be one of own, int8, not 'int3'; did you mean 'int8'?",
        "variants: { offer: [int8] } | offer must be a word",
        "variants: { scheme: statik } | scheme must be one of auto, static, per-token, dynamic, not 'statik'; did you mean 'static'?",
        "variants: { budget: { cosine_men: 1 } } | budget: unknown key 'cosine_men'; did you mean 'cosine_mean'?",
        "variants: { budget: { cosine_p1: 1.5 } } | cosine_p1 must be a number above 0 and up to 1",
        "variants: { served_below_budget: [int4] } | must be a list of some of int8, not '[int4]'",
        "variants: { brownout: { leave: 0.6 } } | leave must be above 0 and below enter",
        "variants: { brownout: { budget_ms: 0 } } | budget_ms must be a whole number from 1",
        "target_wait_ms: 0 | target_wait_ms must be a whole number from 1",
        "linger_ms: -1 | linger_ms must be a whole number from 0",
        "task: rerank | task must be one of embed, tensor, not 'rerank'",
        "engine: TensorFlow | engine must be OnnxRuntime or PyTorch",
        "device: tpu | device must be auto, cpu, gpu or gpu:N, not 'tpu'",
        "pooling: max | pooling must be one of mean, cls, last_token, none",
        "normalize: 3 | normalize must be true or false",
        "file: [a] | file must be a word",
        "file: ../x.onnx | '../x.onnx' leads out of the model's folder",
        "file: /etc/hostname | leads out of the model's folder",
        "file: \"a\\0b.onnx\" | is not a file name",
        "file: notes.txt | notes.txt is missing",
        "lanes: 1\\nlanes: 2 | found duplicate key lanes",
        "lanes: [ | is not valid YAML at line 1",
        "- a | must hold 'key: value' lines",
        "just text | must hold 'key: value' lines",
        "!!javax.script.ScriptEngineManager [] | is not valid YAML at line 1",
        "lanes: !!java.lang.Runtime {} | is not valid YAML at line 1",
        "inputs: 3 | inputs must be a list",
        "inputs: [ 3 ] | inputs[0] must hold 'key: value' lines",
        "inputs: [ { name: x } ] | inputs[0]: datatype must be given",
        "inputs: [ { name: x, datatype: FLOAT, shape: [1] } ] | datatype must be one of [BOOL",
        "inputs: [ { name: x, datatype: FP32, shape: [0] } ] | shape must be a list of at most 32",
        "inputs: [ { name: x, datatype: FP32, shape: [a] } ] | shape must be a list of whole",
        "inputs: [ { name: x, dtype: FP32, shape: [1] } ] | unknown key 'dtype'; did you mean"
            + " 'datatype'?",
        "inputs: [ { name: x, datatype: FP32, shape: [1] }, { name: x, datatype: FP32, shape: [1] }"
            + " ] | name must be unique",
        "max_batch_rows: 2\\n"
            + "inputs: [ { name: x, datatype: FP32, shape: [4] } ] | must lead with -1"
      })
  void mistakesAreExplained(String text, String reason) throws IOException {
    yaml(text.replace("\\n", "\n"));
    assertThat(disk.reason()).contains(reason);
  }

  @Test
  void aliasesDoNotMultiply() throws IOException {
    StringBuilder bomb = new StringBuilder("a0: &a0 [x, x]\n");
    for (int i = 1; i < 40; i++) {
      bomb.append("a%d: &a%d [*a%d, *a%d]\n".formatted(i, i, i - 1, i - 1));
    }
    yaml(bomb.toString());
    assertThat(disk.reason()).contains("is not valid YAML");
  }

  @Test
  void depthAndSizeAreBounded() throws IOException {
    yaml("inputs: " + "[".repeat(5000));
    assertThat(disk.reason()).contains("is not valid YAML");
    yaml("# " + "x".repeat(70_000));
    assertThat(disk.reason()).isEqualTo("model.yaml is larger than 65536 bytes");
  }

  @Test
  void aTritonFolderIsNoTextModel() throws IOException {
    disk.onnx("m/1/model.onnx").text("m/model.yaml", "task: embed");
    assertThat(disk.reason()).contains("task embed needs a folder with config.json");
  }
}
