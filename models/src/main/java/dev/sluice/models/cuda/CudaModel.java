// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.cuda;

import ai.djl.BaseModel;
import ai.djl.Device;
import ai.djl.MalformedModelException;
import ai.djl.ndarray.types.DataType;
import dev.sluice.models.engine.EngineException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** An ONNX file of an encoder, loaded onto the card of the model's device. */
final class CudaModel extends BaseModel {
  private static final String SUFFIX = ".onnx";

  CudaModel(String name, Device device) {
    super(name);
    if (!device.isGpu()) {
      throw new IllegalArgumentException(CudaEngine.NAME + " runs on gpu:N alone, not " + device);
    }
    manager = CudaNDManager.newManager(device);
    manager.setName("model");
    setDataType(DataType.FLOAT32);
  }

  /**
   * @param modelPath the file, or the folder in which it lies by {@code prefix}, by the model's
   *     name or as {@code model.onnx}
   * @throws MalformedModelException where this engine cannot run it, saying why
   */
  @Override
  public void load(Path modelPath, @Nullable String prefix, @Nullable Map<String, ?> options)
      throws IOException, MalformedModelException {
    if (block != null) {
      throw new IllegalStateException("the model is loaded already");
    }
    setModelDir(modelPath);
    wasLoaded = true;
    Path file =
        find(modelPath, prefix)
            .orElseThrow(() -> new FileNotFoundException("no " + SUFFIX + " file in " + modelPath));
    modelDir = Objects.requireNonNull(file.toAbsolutePath().getParent());
    try {
      EncoderOptions known = EncoderOptions.of(options == null ? Map.of() : options);
      CardEncoder encoder =
          CardEncoder.load(modelDir, file, manager.getDevice().getDeviceId(), known);
      block = new CudaBlock(encoder, manager);
    } catch (EngineException | IllegalArgumentException e) {
      throw new MalformedModelException(String.valueOf(e.getMessage()), e);
    }
  }

  private Optional<Path> find(Path path, @Nullable String prefix) {
    if (Files.isRegularFile(path)) {
      return Optional.of(path);
    }
    List<String> names = prefix != null ? List.of(prefix) : List.of(modelName, "model");
    return names.stream()
        .flatMap(name -> Stream.of(path.resolve(name), path.resolve(name + SUFFIX)))
        .filter(Files::isRegularFile)
        .findFirst();
  }
}
