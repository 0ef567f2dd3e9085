// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.models.repository.Found;
import dev.sluice.models.repository.ModelRepository;
import dev.sluice.models.spec.CardMemory;
import dev.sluice.models.spec.DeviceChoice;
import dev.sluice.models.spec.ModelSpec;
import dev.sluice.models.tensor.DType;
import dev.sluice.models.testing.OnnxModels;
import dev.sluice.models.testing.TorchScripts;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RepositorySourceTest {
  private static final SpecDefaults DEFAULTS =
      new SpecDefaults(DeviceChoice.CPU, OptionalInt.of(3), new CardMemory.Share(50));

  @TempDir private Path first;
  @TempDir private Path second;

  private RepositorySource source(boolean allowTorchScript) {
    return new RepositorySource(
        List.of(new ModelRepository(first), new ModelRepository(second)),
        DEFAULTS,
        allowTorchScript);
  }

  @Test
  void torchScriptIsRefusedWhereItIsTurnedOff() throws Exception {
    TorchScripts.add(first.resolve("torch.pt"));
    OnnxModels.identity(DType.FP32, -1, 3).write(first.resolve("onnx.onnx"));
    assertThat(source(true).scan()).allMatch(Found.Servable.class::isInstance);
    assertThat(source(false).scan())
        .extracting(found -> found.name() + ":" + (found instanceof Found.Servable))
        .containsExactly("onnx:true", "torch:false");
    assertThat(((Found.Refused) source(false).find("torch").orElseThrow()).reason())
        .contains("allow-torchscript");
  }

  @Test
  void aNameInTwoRepositoriesIsServedFromTheFirst() throws Exception {
    OnnxModels.identity(DType.FP32, -1, 3).write(first.resolve("same.onnx"));
    OnnxModels.identity(DType.FP32, -1, 3).write(second.resolve("same.onnx"));
    OnnxModels.identity(DType.FP32, -1, 3).write(second.resolve("other.onnx"));
    List<Found> found = source(true).scan();
    assertThat(found).extracting(Found::name).containsExactly("other", "same");
    assertThat(spec(found.get(1)).directory()).isEqualTo(first.toRealPath());
    assertThat(spec(source(true).find("same").orElseThrow()).directory())
        .isEqualTo(first.toRealPath());
  }

  @Test
  void whatTheOperatorChoseForAllHoldsForModelsThatDoNotChoose() throws Exception {
    OnnxModels.identity(DType.FP32, -1, 3).write(first.resolve("plain.onnx"));
    OnnxModels.identity(DType.FP32, -1, 3).write(first.resolve("choosy.onnx"));
    Files.writeString(first.resolve("choosy.yaml"), "lanes: 1\n");
    assertThat(spec(source(true).find("plain").orElseThrow()).settings().lanes()).hasValue(3);
    assertThat(spec(source(true).find("choosy").orElseThrow()).settings().lanes()).hasValue(1);
    assertThat(spec(source(true).find("plain").orElseThrow()).settings().device())
        .isEqualTo(DeviceChoice.CPU);
    assertThat(spec(source(true).find("choosy").orElseThrow()).settings().cardMemory())
        .as("not for a model to choose")
        .isEqualTo(new CardMemory.Share(50));
  }

  @Test
  void whatIsNotThereIsEmpty() {
    assertThat(source(true).scan()).isEmpty();
    assertThat(source(true).find("none")).isEmpty();
    assertThat(source(true).find("../escape")).isEmpty();
  }

  private static ModelSpec spec(Found found) {
    return ((Found.Servable) found).specs().getFirst();
  }
}
