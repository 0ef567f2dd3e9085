// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.torchscript;

import dev.sluice.models.engine.EngineException;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The FP32 weights of a linear layer, in the archive.
 *
 * @param outputsFirst whether they lie output by output; otherwise input by input
 */
record WeightMatrix(String key, int outputs, int inputs, boolean outputsFirst) {
  /** Below it, scaling the rows takes longer than INT8 saves. */
  static final int MIN_VALUES = 128 * 128;

  /** Of one matrix, whose INT8 values are held in memory. */
  private static final long MAX_VALUES = 1L << 30;

  private static final String STORAGES = "data/";

  /** Is told of each weight. */
  private interface Visitor {
    void weight(int output, int input, float value);
  }

  /** Why this value cannot be one; empty if it can. */
  static Optional<String> obstacle(PickleValue value, ModuleTree tree) {
    StoredTensor tensor = StoredTensor.of(value).orElse(null);
    if (tensor == null) {
      return Optional.of("its weights are not a plain tensor");
    }
    List<Long> sizes = tensor.sizes();
    if (!tensor.storage().equals("FloatStorage")) {
      return Optional.of("its weights are a " + tensor.storage() + ", not FP32");
    }
    if (sizes.size() != 2 || sizes.stream().anyMatch(size -> size < 1 || size > MAX_VALUES)) {
      return Optional.of("its weights are not a matrix");
    }
    long values = sizes.get(0) * sizes.get(1);
    if (values < MIN_VALUES) {
      return Optional.of("it is too small to gain from INT8");
    }
    if (values > MAX_VALUES) {
      return Optional.of("it has more than " + MAX_VALUES + " weights");
    }
    if (tree.uses(tensor.key()) > 1) {
      return Optional.of("its weights are shared");
    }
    if (tensor.offset() != 0 || !tensor.strides().equals(List.of(sizes.get(1), 1L))) {
      return Optional.of("its weights are a view of another tensor");
    }
    return Optional.empty();
  }

  /** Of a tensor without {@link #obstacle}. */
  static WeightMatrix of(StoredTensor tensor, boolean outputsFirst) {
    int rows = Math.toIntExact(tensor.sizes().get(0));
    int columns = Math.toIntExact(tensor.sizes().get(1));
    return outputsFirst
        ? new WeightMatrix(tensor.key(), rows, columns, true)
        : new WeightMatrix(tensor.key(), columns, rows, false);
  }

  String entry() {
    return STORAGES + key;
  }

  /** The step between INT8 values of each output; empty if a weight is infinite or not a number. */
  Optional<List<Double>> scales(ScriptArchive archive) throws EngineException, IOException {
    double[] scales = new double[outputs];
    read(
        archive,
        // What is not a number stays so.
        (output, input, value) -> scales[output] = Math.max(scales[output], Math.abs(value)));
    if (Arrays.stream(scales).anyMatch(scale -> !Double.isFinite(scale))) {
      return Optional.empty();
    }
    for (int i = 0; i < outputs; i++) {
      scales[i] = scales[i] == 0 ? 1 : scales[i] / Int8Code.LEVELS;
    }
    return Optional.of(Arrays.stream(scales).boxed().toList());
  }

  /** The INT8 values, output by output. */
  byte[] quantized(ScriptArchive archive, List<Double> scales) throws EngineException, IOException {
    byte[] values = new byte[outputs * inputs];
    double[] steps = scales.stream().mapToDouble(Double::doubleValue).toArray();
    read(
        archive,
        (output, input, value) ->
            values[output * inputs + input] = (byte) Math.rint(value / steps[output]));
    return values;
  }

  private void read(ScriptArchive archive, Visitor visitor) throws EngineException, IOException {
    long expected = 4L * outputs * inputs;
    long there = archive.size(entry());
    if (there < expected) {
      throw new EngineException(
          there < 0
              ? "the archive lacks the weights " + entry()
              : "the archive's %s has %d bytes, fewer than the %d of its tensor"
                  .formatted(entry(), there, expected));
    }
    try (InputStream raw = archive.open(entry());
        DataInputStream in = new DataInputStream(new BufferedInputStream(raw, 1 << 16))) {
      int rows = outputsFirst ? outputs : inputs;
      int columns = outputsFirst ? inputs : outputs;
      for (int row = 0; row < rows; row++) {
        for (int column = 0; column < columns; column++) {
          float value = Float.intBitsToFloat(Integer.reverseBytes(in.readInt()));
          visitor.weight(outputsFirst ? row : column, outputsFirst ? column : row, value);
        }
      }
    } catch (EOFException e) {
      throw new EngineException("the archive's " + entry() + " is cut short", e);
    }
  }
}
