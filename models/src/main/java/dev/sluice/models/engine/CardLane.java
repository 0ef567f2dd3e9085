// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.engine;

import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;
import dev.sluice.kernels.gpu.GpuOutOfServiceException;
import dev.sluice.models.engine.RowChunks.Chunk;
import dev.sluice.models.tensor.Tensor;
import dev.sluice.models.tensor.TensorSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Runs a shared encoder on the caller's thread. Owned by one thread. */
final class CardLane implements GraphLane {
  private static final int MOST_CAUSES = 20;

  private final List<TensorSpec> inputs;
  private final List<TensorSpec> outputs;
  private final Model model;
  private final int mask;
  private final Packed room;

  CardLane(List<TensorSpec> inputs, List<TensorSpec> outputs, Model model, Packed room) {
    this.inputs = inputs;
    this.outputs = outputs;
    this.model = model;
    this.mask = inputs.stream().map(TensorSpec::name).toList().indexOf("attention_mask");
    this.room = room;
  }

  @Override
  public List<Tensor> run(List<Tensor> tensors) throws EngineException {
    InputChecks.require(inputs, tensors);
    long[] shape = tensors.get(mask).shape();
    // With padding and all, as most batches do: then nobody has to look at the mask.
    boolean fits = shape[0] <= room.rows() && shape[0] * shape[1] <= room.tokens();
    if (fits || tensors.stream().anyMatch(t -> !Arrays.equals(t.shape(), shape))) {
      return runTogether(tensors);
    }
    List<Chunk> chunks = RowChunks.of(tensors.get(mask), room);
    if (chunks.size() == 1) {
      return runTogether(tensors);
    }
    List<List<Tensor>> pieces = new ArrayList<>();
    for (Chunk chunk : chunks) {
      pieces.add(runTogether(tensors.stream().map(chunk::of).toList()));
    }
    return IntStream.range(0, outputs.size())
        .mapToObj(i -> RowChunks.joined(pieces.stream().map(piece -> piece.get(i)).toList()))
        .toList();
  }

  private List<Tensor> runTogether(List<Tensor> tensors) throws EngineException {
    try (NDManager manager = model.getNDManager().newSubManager()) {
      NDList arrays = new NDList(tensors.size());
      for (int i = 0; i < tensors.size(); i++) {
        Tensor tensor = tensors.get(i);
        NDArray array =
            manager.create(tensor.data().asLongBuffer(), new Shape(tensor.shape()), DataType.INT64);
        array.setName(inputs.get(i).name());
        arrays.add(array);
      }
      NDList results = model.getBlock().forward(new ParameterStore(manager, false), arrays, false);
      List<Tensor> given = new ArrayList<>(results.size());
      for (int i = 0; i < results.size(); i++) {
        NDArray result = results.get(i);
        // Memory of its own, which outlives the array.
        given.add(
            new Tensor(outputs.get(i).type(), result.getShape().getShape(), result.toByteBuffer()));
      }
      return List.copyOf(given);
    } catch (RuntimeException e) {
      String why = Failures.describe(e);
      throw lost(e)
          ? new DeviceLostException(why, e)
          : new EngineException("the run failed: " + why, e);
    }
  }

  private static boolean lost(Throwable failure) {
    return Stream.iterate(failure, Objects::nonNull, Throwable::getCause)
        .limit(MOST_CAUSES)
        .anyMatch(GpuOutOfServiceException.class::isInstance);
  }

  @Override
  public void close() {
    // What it runs in belongs to the model.
  }
}
