// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.inference;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.sluice.loadtest.corpus.Corpus;
import dev.sluice.loadtest.corpus.Item;
import dev.sluice.loadtest.ghz.Inference;
import dev.sluice.loadtest.run.Rpc;
import dev.sluice.loadtest.run.RunException;
import dev.sluice.proto.inference.ModelInferRequest;
import dev.sluice.proto.inference.ModelInferRequest.InferInputTensor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The Open Inference Protocol for models of any tensors, which are made up: sizes that the model
 * leaves open are lengths as they are drawn, the same for all rows of a call.
 */
final class TensorProtocol implements Protocol {
  private final String model;
  private final List<TensorSpec> inputs;

  /**
   * @throws RunException if its tensors cannot be made up as wanted
   */
  TensorProtocol(String model, List<TensorSpec> inputs, Inference inference) {
    this.model = model;
    this.inputs = List.copyOf(inputs);
    if (inference.corpus().isPresent()) {
      throw new RunException(
          "corpus: "
              + model
              + " takes neither texts (one input of BYTES) nor token ids; without a corpus its"
              + " tensors are made up");
    } else if (inference.inputs() > 1 && !inputs.stream().allMatch(TensorSpec::batched)) {
      throw new RunException("inputs must be 1: " + model + " takes no batches");
    }
  }

  @Override
  public Rpc rpc() {
    return OipProtocol.RPC;
  }

  @Override
  public Corpus corpus(Inference inference, int seed) {
    return Corpus.of(new TensorMaker(inputs, inference, seed).rows());
  }

  @Override
  public ByteString request(List<Item> items) {
    List<Item.Row> rows = new ArrayList<>();
    for (Item item : items) {
      if (!(item instanceof Item.Row row)) {
        throw new IllegalStateException("a row of made-up tensors is wanted");
      }
      rows.add(row);
    }
    ModelInferRequest.Builder request = ModelInferRequest.newBuilder().setModelName(model);
    for (int i = 0; i < inputs.size(); i++) {
      TensorSpec input = inputs.get(i);
      InferInputTensor.Builder tensor =
          request.addInputsBuilder().setName(input.name()).setDatatype(input.type().name());
      if (input.batched()) {
        tensor.addShape(rows.size());
      }
      tensor.addAllShape(input.row(rows.getFirst().length()));
      List<ByteString> parts = new ArrayList<>();
      for (Item.Row row : rows) {
        parts.add(UnsafeByteOperations.unsafeWrap(row.tensors().get(i)));
      }
      request.addRawInputContents(ByteString.copyFrom(parts));
    }
    return request.build().toByteString();
  }

  @Override
  public List<float[]> vectors(ByteString answer) throws IOException {
    return OipProtocol.rowsOf(answer);
  }
}
