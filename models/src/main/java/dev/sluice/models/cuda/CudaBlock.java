// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.cuda;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractSymbolBlock;
import ai.djl.nn.ParameterList;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import dev.sluice.kernels.encoder.PackedBatch;
import dev.sluice.kernels.gpu.GpuException;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs an encoder on rows of padded token ids, of which it leaves the padding out. For any number
 * of threads.
 *
 * <p>Inputs are INT64 or INT32 {@code [rows, width]}, by name or in the order of {@link
 * #describeInput}. What comes back is FP32: {@code [rows, width, size]}, 0 where there is padding,
 * or {@code [rows, size]} where the model gives one row per sequence.
 */
final class CudaBlock extends AbstractSymbolBlock implements AutoCloseable {
  private static final String IDS = "input_ids";
  private static final String MASK = "attention_mask";
  private static final String TYPES = "token_type_ids";
  private static final long[] NONE = new long[0];

  private final CardEncoder encoder;
  private final List<String> names;

  @SuppressWarnings("this-escape") // closed with the model
  CudaBlock(CardEncoder encoder, NDManager manager) {
    this.encoder = encoder;
    List<String> inputs = new ArrayList<>(List.of(IDS, MASK));
    if (encoder.typed()) {
      inputs.add(TYPES);
    }
    this.names = List.copyOf(inputs);
    manager.attachInternal(NDManager.nextUid(), this);
  }

  @Override
  protected NDList forwardInternal(
      ParameterStore parameterStore,
      NDList inputs,
      boolean training,
      PairList<String, Object> params) {
    NDArray ids = input(inputs, IDS);
    Shape shape = ids.getShape();
    if (shape.dimension() != 2 || shape.get(0) < 1 || shape.get(1) < 1) {
      throw new IllegalArgumentException(IDS + " must be [rows, width], not " + shape);
    }
    int width = Math.toIntExact(shape.get(1));
    PaddedRows rows =
        PaddedRows.of(
            Math.toIntExact(shape.get(0)),
            width,
            numbers(ids),
            alike(ids, input(inputs, MASK), MASK),
            encoder.typed() ? alike(ids, input(inputs, TYPES), TYPES) : NONE);
    float[] made = run(rows.packed());
    int size = encoder.width();
    NDArray result =
        inputs
            .head()
            .getManager()
            .create(
                FloatBuffer.wrap(encoder.perToken() ? rows.spread(made, size) : made),
                encoder.perToken()
                    ? new Shape(shape.get(0), width, size)
                    : new Shape(shape.get(0), size),
                DataType.FLOAT32);
    result.setName(encoder.output());
    return new NDList(result);
  }

  private float[] run(PackedBatch batch) {
    try {
      return encoder.run(batch);
    } catch (GpuException e) {
      throw new EngineException(e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EngineException("interrupted while all lanes were busy", e);
    }
  }

  private NDArray input(NDList inputs, String name) {
    if (inputs.size() != names.size()) {
      throw new IllegalArgumentException(
          "the inputs are %s, not %d arrays".formatted(names, inputs.size()));
    }
    if (inputs.head().getName() == null) {
      return inputs.get(names.indexOf(name));
    }
    return inputs.stream()
        .filter(array -> name.equals(array.getName()))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("there is no input " + name));
  }

  private static long[] alike(NDArray ids, NDArray other, String name) {
    if (!other.getShape().equals(ids.getShape())) {
      throw new IllegalArgumentException(
          "%s is %s, but %s is %s".formatted(name, other.getShape(), IDS, ids.getShape()));
    }
    return numbers(other);
  }

  private static long[] numbers(NDArray array) {
    ByteBuffer bytes = array.toByteBuffer();
    long[] numbers = new long[Math.toIntExact(array.getShape().size())];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] =
          switch (array.getDataType()) {
            case INT64 -> bytes.getLong(i * Long.BYTES);
            case INT32 -> bytes.getInt(i * Integer.BYTES);
            default ->
                throw new IllegalArgumentException(
                    "token ids are INT64 or INT32, not " + array.getDataType());
          };
    }
    return numbers;
  }

  @Override
  public PairList<String, Shape> describeInput() {
    PairList<String, Shape> inputs = new PairList<>();
    names.forEach(name -> inputs.add(name, new Shape(-1, -1)));
    return inputs;
  }

  @Override
  public PairList<String, Shape> describeOutput() {
    int size = encoder.width();
    PairList<String, Shape> outputs = new PairList<>();
    outputs.add(
        encoder.output(), encoder.perToken() ? new Shape(-1, -1, size) : new Shape(-1, size));
    return outputs;
  }

  @Override
  public ParameterList getDirectParameters() {
    throw new UnsupportedOperationException("the weights are on the card");
  }

  /** With the model, when nobody runs it any more. */
  @Override
  public void close() {
    encoder.close();
  }
}
