// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.repository;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.models.spec.DeviceChoice;
import dev.sluice.models.spec.EngineKind;
import dev.sluice.models.spec.ModelSettings;
import dev.sluice.models.spec.ModelSpec;
import dev.sluice.models.spec.Task;
import dev.sluice.proto.inference.ModelConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TritonLayoutTest {
  private final Disk disk;

  TritonLayoutTest(@TempDir Path root) {
    disk = new Disk(root);
  }

  private Disk config(String text) throws IOException {
    return disk.onnx("m/1/model.onnx").text("m/config.pbtxt", text);
  }

  @Test
  void aVersionFolderNeedsNoConfiguration() throws IOException {
    disk.onnx("m/3/model.onnx");
    ModelSpec spec = disk.spec();
    assertThat(spec.name()).isEqualTo("m");
    assertThat(spec.version()).isEqualTo(3);
    assertThat(spec.task()).isEqualTo(Task.TENSOR);
    assertThat(spec.engine()).isEqualTo(EngineKind.ONNX_RUNTIME);
    assertThat(spec.directory()).isEqualTo(disk.path("m").toRealPath());
    assertThat(spec.file()).isEqualTo(disk.path("m/3/model.onnx").toRealPath());
    assertThat(spec.config()).isEqualTo(ModelConfig.getDefaultInstance());
    assertThat(spec.settings()).isEqualTo(ModelSettings.DEFAULT);
  }

  @ParameterizedTest
  @ValueSource(strings = {"platform: 'pytorch_libtorch'", "backend: 'pytorch'", ""})
  void torchScriptIsServedByItsEngine(String config) throws IOException {
    disk.torchScript("m/1/model.pt").text("m/config.pbtxt", config);
    assertThat(disk.spec().engine()).isEqualTo(EngineKind.PYTORCH);
  }

  @Test
  void aConfiguredFileNameReplacesTheUsualOne() throws IOException {
    disk.onnx("m/1/net.bin")
        .text("m/config.pbtxt", "backend: 'onnxruntime' default_model_filename: 'net.bin'");
    assertThat(disk.spec().file()).hasFileName("net.bin");
  }

  @Test
  void anOnnxModelMayBeAFolderOfThatName() throws IOException {
    disk.onnx("m/1/model.onnx/model.onnx");
    assertThat(disk.spec().file()).isEqualTo(disk.path("m/1/model.onnx/model.onnx").toRealPath());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''                                                      | 10",
        "version_policy { latest {} }                            | 10",
        "version_policy { latest { num_versions: 2 } }           | 9,10",
        "version_policy { latest { num_versions: 4000000000 } }  | 2,9,10",
        "version_policy { all {} }                               | 2,9,10",
        "version_policy { specific { versions: [9, 2, 9] } }     | 2,9"
      })
  void theVersionPolicyChoosesAmongNumericFolders(String policy, String expected)
      throws IOException {
    disk.onnx("m/2/model.onnx").onnx("m/9/model.onnx").onnx("m/10/model.onnx");
    disk.text("m/011/model.onnx", "no version").text("m/old/model.onnx", "no version");
    disk.text("m/0/model.onnx", "no version").text("m/99", "a file");
    disk.text("m/config.pbtxt", policy);
    assertThat(disk.specs().stream().map(ModelSpec::version).map(String::valueOf).toList())
        .isEqualTo(List.of(expected.split(",", -1)));
  }

  @Test
  void settingsComeFromTheConfiguration() throws IOException {
    config(
        """
        name: "m"
        platform: "onnxruntime_onnx"
        max_batch_size: 16
        instance_group [ { count: 2 kind: KIND_GPU gpus: [ 3 ] }, { kind: KIND_GPU gpus: 3 } ]
        dynamic_batching {
          preferred_batch_size: [ 16, 4, 16 ]
          preserve_ordering: true
          max_queue_delay_microseconds: 250
          default_queue_policy { max_queue_size: 32 default_timeout_microseconds: 1000 }
        }
        """);
    ModelSettings settings = disk.spec().settings();
    assertThat(settings.device()).isEqualTo(new DeviceChoice.Gpu(3));
    assertThat(settings.lanes()).hasValue(3);
    assertThat(settings.maxBatchRows()).hasValue(16);
    assertThat(settings.linger()).isEqualTo(Duration.ofNanos(250_000));
    assertThat(settings.maxQueueRows()).hasValue(32);
    assertThat(settings.queueTimeout()).isEqualTo(Duration.ofMillis(1));
    assertThat(settings.forming().preferredRows()).containsExactly(4, 16);
    assertThat(settings.forming().keepOrder()).isTrue();
    assertThat(disk.spec().batches()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "KIND_CPU, cpu",
    "KIND_AUTO, auto",
    "KIND_MODEL, auto",
    "KIND_GPU, gpu",
    "KIND_GPU gpus: 1, gpu:1"
  })
  void theInstanceKindChoosesTheDevice(String kind, String device) throws IOException {
    config("instance_group { kind: " + kind + " }");
    assertThat(disk.spec().settings().device()).isEqualTo(DeviceChoice.parse(device));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "max_bach_size: 8 | line 1, column 1: unknown key 'max_bach_size'; did you mean"
            + " 'max_batch_size'?",
        "input { nam: 'x' } | unknown key 'nam'; did you mean 'name'?",
        "max_batch_size: 'many' | line 1, column 17",
        "max_batch_size: | line 1, column",
        "input [ | line 1, column",
        "name: 'other' | must equal the folder's name, \"m\"",
        "max_batch_size: -1 | max_batch_size must be 0",
        "platform: 'tensorrt_plan' | serve the ONNX file that the engine was built from",
        "platform: 'ensemble' | let the client call its models",
        "backend: 'python' | no Python code is run",
        "backend: 'dali' | what works is platform \"onnxruntime_onnx\"",
        "platform: 'onnxruntime_onnx' backend: 'pytorch' | disagree",
        "sequence_batching {} | sequence_batching is not supported",
        "ensemble_scheduling {} | ensemble_scheduling is not supported",
        "model_transaction_policy { decoupled: true } | decoupled models",
        "input { name: 'x' allow_ragged_batch: true } | ragged batching",
        "batch_input { kind: BATCH_ELEMENT_COUNT } | ragged batching",
        "model_operations { op_library_filename: 'a.so' } | custom operators",
        "model_repository_agents { agents { name: 'checksum' } } | agents are not supported",
        "input { data_type: TYPE_FP32 dims: 1 } | every input needs a name",
        "output { name: 'y' dims: 1 } | output 'y' needs a data_type",
        "input { name: 'x' data_type: TYPE_FP32 } | input 'x' needs dims",
        "input { name: 'x' data_type: TYPE_FP32 dims: 0 } | not 0",
        "input [{ name: 'x' data_type: TYPE_FP32 dims: 1 }, { name: 'x' data_type: TYPE_FP32 dims:"
            + " 1 }] | input 'x' is there twice",
        "max_batch_size: 4 dynamic_batching { preferred_batch_size: 8 } | preferred_batch_size 8",
        "dynamic_batching { max_queue_delay_microseconds: 18446744073709551615 } | at most a day",
        "dynamic_batching { priority_levels: 65 default_priority_level: 1 } | from 0 to 64",
        "dynamic_batching { priority_levels: 2 } | default_priority_level must be from 1 to 2",
        "dynamic_batching { default_priority_level: 1 } | left out without priority_levels",
        "dynamic_batching { priority_levels: 2 default_priority_level: 1 priority_queue_policy { key:"
            + " 3 value {} } } | has the level 3, but priority_levels is 2",
        "dynamic_batching { preserve_ordering: true priority_levels: 2 default_priority_level: 1 } |"
            + " preserve_ordering cannot be kept with priority_levels above 1",
        "dynamic_batching { preserve_ordering: true default_queue_policy { timeout_action: DELAY } }"
            + " | preserve_ordering cannot be kept with timeout_action: DELAY",
        "dynamic_batching { default_queue_policy { default_timeout_microseconds:"
            + " 18446744073709551615 } } | default_timeout_microseconds must be at most a day",
        "instance_group { count: -1 } | count must be from 1",
        "instance_group { kind: KIND_GPU gpus: [0, 1] } | several devices",
        "instance_group { kind: KIND_GPU gpus: -1 } | gpus must be from 0",
        "version_policy { specific { versions: 7 } } | asks for version 7, but the folders are [1]",
        "version_policy { specific {} } | names no version",
        "default_model_filename: '../../x.onnx' | leads out of the model's folder",
        "default_model_filename: '/etc/passwd' | /etc/passwd is missing",
        "default_model_filename: 'no.onnx' | no.onnx is missing",
        "backend: 'pytorch' | model.pt is missing",
        "output { name: 'y' data_type: TYPE_FP32 dims: 1 label_filename: 'labels.txt' } |"
            + " label_filename: labels.txt is missing",
        "output { name: 'y' data_type: TYPE_FP32 dims: 1 label_filename: '../l' } |"
            + " label_filename: '../l' leads out",
        "model_warmup { inputs { key: 'x' value { input_data_file: '../../a' } } } |"
            + " input_data_file"
      })
  void whatCannotBeServedIsRefusedWithTheReason(String config, String reason) throws IOException {
    config(config);
    assertThat(disk.reason()).contains(reason);
  }

  @Test
  void errorsNameTheLineTheyAreOn() throws IOException {
    config("name: 'm'\n# all good so far\n  platfrom: 'onnxruntime_onnx'\n");
    assertThat(disk.reason())
        .isEqualTo(
            "config.pbtxt line 3, column 3: unknown key 'platfrom'; did you mean 'platform'?");
  }

  @Test
  void endlessNestingIsRefused() throws IOException {
    config("input { reshape ".repeat(50_000));
    assertThat(disk.reason()).contains("config.pbtxt line 1");
  }

  @Test
  void aConfigurationWithoutVersionsIsRefused() throws IOException {
    disk.text("m/config.pbtxt", "backend: 'onnxruntime'").onnx("m/model.onnx");
    assertThat(disk.reason()).contains("expected for example 1/model.onnx");
  }

  @Test
  void aPythonModelIsRefused() throws IOException {
    disk.text("m/1/model.py", "import os");
    assertThat(disk.reason()).startsWith("version 1: it holds model.py").contains("ONNX");
  }

  @Test
  void aHugeConfigurationIsRefused() throws IOException {
    config("# " + "x".repeat(1 << 20));
    assertThat(disk.reason()).isEqualTo("config.pbtxt is larger than 1048576 bytes");
  }

  @Test
  void bytesThatAreNoTextAreRefused() throws IOException {
    disk.bytes("m/config.pbtxt", new byte[] {(byte) 0xff, (byte) 0xfe}).onnx("m/1/model.onnx");
    assertThat(disk.reason()).isEqualTo("config.pbtxt is not UTF-8 text");
  }
}
