// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.inference;

import com.google.protobuf.ByteString;
import dev.sluice.loadtest.corpus.Item;
import dev.sluice.loadtest.run.Rpc;
import dev.sluice.loadtest.run.RunException;
import dev.sluice.proto.inference.GRPCInferenceServiceGrpc;
import dev.sluice.proto.inference.ModelInferRequest;
import dev.sluice.proto.inference.ModelInferRequest.InferInputTensor;
import dev.sluice.proto.inference.ModelInferResponse;
import dev.sluice.proto.inference.ModelInferResponse.InferOutputTensor;
import dev.sluice.proto.inference.ModelMetadataResponse;
import dev.sluice.proto.inference.ModelMetadataResponse.TensorMetadata;
import io.grpc.MethodDescriptor.MethodType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The Open Inference Protocol, with the inputs that the model says it has: one of texts ({@code
 * BYTES}), or token ids ({@code INT64}) with their mask and types. Ids of several rows are filled
 * up with zeros, which the mask says.
 */
final class OipProtocol implements Protocol {
  private static final Rpc RPC =
      Rpc.of(GRPCInferenceServiceGrpc.getModelInferMethod().getFullMethodName(), MethodType.UNARY);

  private final String model;
  private final List<TensorMetadata> inputs;
  private final boolean texts;

  /** What an input of token ids is filled with. */
  private enum Role {
    IDS,
    MASK,
    TYPES;

    static Role of(String name) {
      String lower = name.toLowerCase(Locale.ROOT);
      return lower.contains("mask") ? MASK : lower.contains("type") ? TYPES : IDS;
    }
  }

  /**
   * @throws RunException if these are inputs of another kind
   */
  OipProtocol(String model, ModelMetadataResponse metadata) {
    this.model = model;
    this.inputs = metadata.getInputsList();
    this.texts = inputs.size() == 1 && inputs.getFirst().getDatatype().equals("BYTES");
    if (inputs.isEmpty()) {
      throw new RunException("target oip: the server says of no inputs of " + model);
    }
    for (TensorMetadata input : inputs) {
      if (!texts && !input.getDatatype().equals("INT64")) {
        throw new RunException(
            "target oip: input "
                + input.getName()
                + " of "
                + model
                + " is "
                + input.getDatatype()
                + "; texts (one BYTES input) or token ids (INT64) can be sent");
      }
    }
  }

  @Override
  public Rpc rpc() {
    return RPC;
  }

  @Override
  public boolean texts() {
    return texts;
  }

  @Override
  public ByteString request(List<Item> items) {
    ModelInferRequest.Builder request = ModelInferRequest.newBuilder().setModelName(model);
    if (texts) {
      TensorMetadata input = inputs.getFirst();
      InferInputTensor.Builder tensor = tensor(input, items.size());
      for (int i = 1; i < input.getShapeCount(); i++) {
        tensor.addShape(1);
      }
      return request.addInputs(tensor).addRawInputContents(bytes(items)).build().toByteString();
    }
    List<List<Long>> rows = rows(items);
    int longest = rows.stream().mapToInt(List::size).max().orElse(0);
    for (TensorMetadata input : inputs) {
      request.addInputs(tensor(input, items.size()).addShape(longest));
      request.addRawInputContents(numbers(rows, longest, Role.of(input.getName())));
    }
    return request.build().toByteString();
  }

  @Override
  public List<float[]> vectors(ByteString answer) throws IOException {
    ModelInferResponse response = ModelInferResponse.parseFrom(answer);
    if (response.getOutputsCount() == 0 || response.getOutputs(0).getShapeCount() == 0) {
      throw new IOException("no output with rows");
    }
    InferOutputTensor output = response.getOutputs(0);
    if (!output.getDatatype().equals("FP32")) {
      throw new IOException("output " + output.getName() + " is " + output.getDatatype());
    } else if (response.getRawOutputContentsCount() > 0) {
      return Floats.rows(response.getRawOutputContents(0), output.getShape(0));
    }
    List<Float> boxed = output.getContents().getFp32ContentsList();
    float[] all = new float[boxed.size()];
    for (int i = 0; i < all.length; i++) {
      all[i] = boxed.get(i);
    }
    return Floats.rows(all, output.getShape(0));
  }

  private static InferInputTensor.Builder tensor(TensorMetadata input, int rows) {
    return InferInputTensor.newBuilder()
        .setName(input.getName())
        .setDatatype(input.getDatatype())
        .addShape(rows);
  }

  private static ByteString bytes(List<Item> items) {
    ByteString.Output out = ByteString.newOutput();
    for (Item item : items) {
      if (!(item instanceof Item.Text text)) {
        throw new RunException("corpus: the model takes texts, no token ids");
      }
      byte[] utf8 = text.text().getBytes(StandardCharsets.UTF_8);
      ByteBuffer length = ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
      byte[] prefix = length.putInt(utf8.length).array();
      out.write(prefix, 0, prefix.length);
      out.write(utf8, 0, utf8.length);
    }
    return out.toByteString();
  }

  private static List<List<Long>> rows(List<Item> items) {
    List<List<Long>> rows = new ArrayList<>();
    for (Item item : items) {
      if (!(item instanceof Item.Tokens tokens)) {
        throw new RunException("corpus: the model takes token ids, no texts");
      }
      rows.add(tokens.ids());
    }
    return rows;
  }

  private static ByteString numbers(List<List<Long>> rows, int width, Role role) {
    ByteBuffer bytes =
        ByteBuffer.allocate(Math.multiplyExact(rows.size() * Long.BYTES, width))
            .order(ByteOrder.LITTLE_ENDIAN);
    for (List<Long> row : rows) {
      for (int i = 0; i < width; i++) {
        boolean filled = i < row.size();
        bytes.putLong(
            switch (role) {
              case IDS -> filled ? row.get(i) : 0;
              case MASK -> filled ? 1 : 0;
              case TYPES -> 0;
            });
      }
    }
    return ByteString.copyFrom(bytes.flip());
  }
}
