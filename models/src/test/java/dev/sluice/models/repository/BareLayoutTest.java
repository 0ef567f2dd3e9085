// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.repository;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.models.spec.EngineKind;
import dev.sluice.models.spec.ModelSpec;
import dev.sluice.models.spec.Task;
import dev.sluice.proto.inference.ModelConfig;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BareLayoutTest {
  private final Disk disk;

  BareLayoutTest(@TempDir Path root) {
    disk = new Disk(root);
  }

  @Test
  void aFolderWithOneOnnxFileIsAModel() throws IOException {
    disk.onnx("m/net.onnx").text("m/README.md", "hello");
    ModelSpec spec = disk.spec();
    assertThat(spec.name()).isEqualTo("m");
    assertThat(spec.version()).isEqualTo(1);
    assertThat(spec.task()).isEqualTo(Task.TENSOR);
    assertThat(spec.engine()).isEqualTo(EngineKind.ONNX_RUNTIME);
    assertThat(spec.config()).isEqualTo(ModelConfig.getDefaultInstance());
  }

  @Test
  void aFileInTheRootIsAModelOfItsName() throws IOException {
    disk.torchScript("net.v2.pt").text("net.v2.yaml", "lanes: 3").text("notes.txt", "ignored");
    ModelSpec spec = disk.spec();
    assertThat(spec.name()).isEqualTo("net.v2");
    assertThat(spec.engine()).isEqualTo(EngineKind.PYTORCH);
    assertThat(spec.settings().lanes()).hasValue(3);
  }

  @ParameterizedTest
  @CsvSource({"model.onnx, ''", "net.onnx, model.yaml"})
  void theRootMayBeTheModelItself(String file, String settings, @TempDir Path other)
      throws IOException {
    Disk inner = new Disk(other.resolve("resnet")).onnx(file);
    if (!settings.isEmpty()) {
      inner.text(settings, "device: cpu");
    }
    assertThat(inner.spec().name()).isEqualTo("resnet");
    assertThat(new ModelRepository(other.resolve("resnet")).fingerprints()).containsKey("resnet");
  }

  @Test
  void theRootMayBeATextModelOrATritonModel(@TempDir Path other) throws IOException {
    Disk text = new Disk(other).textModel("bert");
    assertThat(new Disk(text.path("bert")).spec().name()).isEqualTo("bert");
    Disk triton = new Disk(other).onnx("t/1/model.onnx").text("t/config.pbtxt", "name: 't'");
    assertThat(new Disk(triton.path("t")).spec().name()).isEqualTo("t");
  }

  @Test
  void severalFilesNeedAChoice() throws IOException {
    disk.onnx("m/a.onnx").torchScript("m/b.pt");
    assertThat(disk.reason())
        .isEqualTo("several model files: a.onnx, b.pt; name one as 'file' in model.yaml");
    disk.text("m/model.yaml", "file: b.pt");
    assertThat(disk.spec().engine()).isEqualTo(EngineKind.PYTORCH);
  }

  @Test
  void twoModelsOfOneNameAreRefused() throws IOException {
    disk.onnx("net.onnx").torchScript("net.pt");
    assertThat(disk.reason()).contains("several models have this name").contains("rename");
  }

  @ParameterizedTest
  @CsvSource({
    "model.py, runs Python code",
    "requirements.txt, runs Python code",
    "model.safetensors, weights without a program",
    "pytorch_model.bin, a Python pickle",
    "model.pth, a Python pickle",
    "model.plan, TensorRT",
    "saved_model.pb, tf2onnx",
    "model.gguf, another server",
    "README.md, no model found",
  })
  void otherFilesAreRefusedWithAdvice(String file, String reason) throws IOException {
    disk.text("m/" + file, "x");
    assertThat(disk.reason()).contains(reason);
  }

  @Test
  void pythonBesideAModelIsNotNeededAndNotRun() throws IOException {
    disk.onnx("m/model.onnx").text("m/model.py", "import os");
    assertThat(disk.spec().file()).hasFileName("model.onnx");
  }

  @Test
  void aPickleIsNotTorchScript() throws IOException {
    disk.bytes("m/model.pt", new byte[] {(byte) 0x80, 2, 'c', 'o', 's'});
    assertThat(disk.reason()).contains("the file is a Python pickle").contains("torch.jit");
  }

  @Test
  void aCheckpointIsNotTorchScript() throws IOException {
    disk.bytes("m/model.pt", Disk.zip("archive/data.pkl", "archive/data/0", "archive/version"));
    assertThat(disk.reason()).contains("a checkpoint of torch.save");
  }

  @Test
  void anyOtherZipIsNotTorchScript() throws IOException {
    disk.bytes("m/model.pt", Disk.zip("a/readme", "a/constants.pkl"));
    assertThat(disk.reason()).contains("lacks data.pkl, constants.pkl or code/");
  }

  @Test
  void anArchiveThatClimbsIsRefused() throws IOException {
    disk.bytes("m/model.pt", Disk.zip("m/data.pkl", "m/constants.pkl", "m/code/../../x"));
    assertThat(disk.reason()).contains("an entry outside of its one folder");
  }

  @Test
  void anArchiveCutShortIsRefused() throws IOException {
    byte[] whole = Disk.zip("m/data.pkl", "m/constants.pkl", "m/code/a.py");
    disk.bytes("m/model.pt", java.util.Arrays.copyOf(whole, whole.length - 30));
    assertThat(disk.reason()).contains("cut short or damaged");
  }
}
