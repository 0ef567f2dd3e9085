// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.derive;

import dev.sluice.models.engine.EngineException;
import dev.sluice.models.fidelity.DrawnTensors;
import dev.sluice.models.spec.Task;
import dev.sluice.models.tensor.Tensor;
import dev.sluice.models.tensor.TensorSpec;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** What a variant is calibrated with, and what it is judged by. */
public final class Inputs {
  private static final int DRAWN = 128;

  /** Of so many inputs one is kept for the judgement, if there are as many. */
  private static final int JUDGES_EACH = 4;

  private Inputs() {}

  /**
   * Reads a calibration file as far as that can be done without the model, so that what is wrong
   * with it is said at once.
   */
  public static void check(Task task, Path calibration) throws EngineException {
    CalibrationLines.read(
        calibration,
        task == Task.EMBED ? CalibrationLines.MOST_TEXT_BYTES : CalibrationLines.MOST_TENSOR_BYTES);
  }

  /** The texts of the file, or those that come with the program. */
  static List<String> textsToCalibrate(Optional<Path> calibration) throws EngineException {
    return calibration.isPresent()
        ? CalibrationLines.read(calibration.get(), CalibrationLines.MOST_TEXT_BYTES)
        : ShippedTexts.calibration();
  }

  /** No text of these is among those that come for calibration. */
  static List<String> textsToJudge() {
    return ShippedTexts.heldBack();
  }

  static List<List<Tensor>> tensorsToCalibrate(Optional<Path> calibration, List<TensorSpec> inputs)
      throws EngineException {
    return part(tensors(calibration, inputs), false);
  }

  static List<List<Tensor>> tensorsToJudge(Optional<Path> calibration, List<TensorSpec> inputs)
      throws EngineException {
    return part(tensors(calibration, inputs), true);
  }

  private static List<List<Tensor>> tensors(Optional<Path> calibration, List<TensorSpec> inputs)
      throws EngineException {
    return calibration.isPresent()
        ? CalibrationTensors.read(calibration.get(), inputs)
        : DrawnTensors.draw(inputs, DRAWN);
  }

  /** Where there are too few to be parted, the same do for both. */
  private static <T> List<T> part(List<T> all, boolean judging) {
    if (all.size() < 2 * JUDGES_EACH) {
      return all;
    }
    return new ArrayList<>(
        IntStream.range(0, all.size())
            .filter(i -> (i % JUDGES_EACH == JUDGES_EACH - 1) == judging)
            .mapToObj(all::get)
            .toList());
  }
}
