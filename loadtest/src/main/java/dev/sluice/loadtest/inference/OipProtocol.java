// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.inference;

import com.google.protobuf.ByteString;
import dev.sluice.loadtest.corpus.Corpus;
import dev.sluice.loadtest.corpus.Item;
import dev.sluice.loadtest.ghz.Inference;
import dev.sluice.loadtest.run.Rpc;
import dev.sluice.loadtest.run.RunException;
import dev.sluice.proto.inference.GRPCInferenceServiceGrpc;
import dev.sluice.proto.inference.ModelInferRequest;
import dev.sluice.proto.inference.ModelInferRequest.InferInputTensor;
import dev.sluice.proto.inference.ModelInferResponse;
import dev.sluice.proto.inference.ModelInferResponse.InferOutputTensor;
import dev.sluice.proto.inference.ModelMetadataResponse;
import io.grpc.MethodDescriptor.MethodType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The Open Inference Protocol for models of texts (one input of {@code BYTES}) and of token ids
 * ({@code INT64} or {@code INT32}) with their mask and types. Ids of several rows are filled up
 * with zeros, which the mask says. {@link TensorProtocol} is for all others.
 */
final class OipProtocol implements Protocol {
  static final Rpc RPC =
      Rpc.of(GRPCInferenceServiceGrpc.getModelInferMethod().getFullMethodName(), MethodType.UNARY);

  /** Ids that models have which were trained on words, above the special ones of most. */
  private static final double LEAST_ID = 1_000;

  private static final double MOST_ID = 19_999;

  /** Of a row of ids: as long as a made-up one may be. */
  private static final int WIDEST = 100_000;

  private final String model;
  private final List<TensorSpec> inputs;
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

  private OipProtocol(String model, List<TensorSpec> inputs, boolean texts) {
    this.model = model;
    this.inputs = inputs;
    this.texts = texts;
  }

  /**
   * The one that fits what the server says of the model.
   *
   * @throws RunException if none does
   */
  static Protocol of(Inference inference, ModelMetadataResponse metadata) {
    String model = inference.model();
    List<TensorSpec> inputs =
        metadata.getInputsList().stream().map(input -> TensorSpec.of(model, input)).toList();
    if (inputs.isEmpty()) {
      throw new RunException("target oip: the server says of no inputs of " + model);
    }
    boolean texts = inputs.size() == 1 && inputs.getFirst().texts();
    if (texts && !inference.values().isEmpty()) {
      throw new RunException("values: " + model + " takes texts");
    }
    return texts || inputs.stream().allMatch(TensorSpec::tokens)
        ? new OipProtocol(model, inputs, texts)
        : new TensorProtocol(model, inputs, inference);
  }

  @Override
  public Rpc rpc() {
    return RPC;
  }

  @Override
  public Corpus corpus(Inference inference, int seed) {
    if (texts) {
      return Corpus.texts(inference, seed);
    }
    ValueRange.checkNames(inference.values(), inputs.stream().map(TensorSpec::name).toList());
    ValueRange ids = new ValueRange(DataType.INT32, LEAST_ID, MOST_ID);
    for (TensorSpec input : inputs) {
      if (Role.of(input.name()) == Role.IDS) {
        ids = ValueRange.of(input.name(), ids, inference.values());
      }
    }
    long longest = inputs.stream().mapToLong(input -> input.width(WIDEST)).min().orElse(0);
    return Corpus.tokens(
        inference,
        seed,
        new Corpus.Ids((long) ids.least(), (long) ids.most(), (int) Math.min(WIDEST, longest)));
  }

  @Override
  public ByteString request(List<Item> items) {
    ModelInferRequest.Builder request = ModelInferRequest.newBuilder().setModelName(model);
    if (texts) {
      TensorSpec input = inputs.getFirst();
      InferInputTensor.Builder tensor = tensor(input, items.size());
      for (int i = 1; i < input.shape().size(); i++) {
        tensor.addShape(1);
      }
      return request.addInputs(tensor).addRawInputContents(bytes(items)).build().toByteString();
    }
    List<List<Long>> rows = rows(items);
    int longest = rows.stream().mapToInt(List::size).max().orElse(0);
    for (TensorSpec input : inputs) {
      int width = width(input, longest);
      request.addInputs(tensor(input, items.size()).addShape(width));
      request.addRawInputContents(numbers(rows, width, input));
    }
    return request.build().toByteString();
  }

  @Override
  public List<float[]> vectors(ByteString answer) throws IOException {
    return rowsOf(answer);
  }

  /** The rows of an answer's first output. */
  static List<float[]> rowsOf(ByteString answer) throws IOException {
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

  /** As wide as the model says, if it does; else as the longest row is. */
  private static int width(TensorSpec input, int longest) {
    long width = input.width(longest);
    if (longest > width) {
      throw new RunException(
          "corpus: a row has " + longest + " token ids; input " + input.name() + " takes " + width);
    } else if (width > WIDEST) {
      throw new RunException("target oip: input " + input.name() + " is " + width + " wide");
    }
    return (int) width;
  }

  private static InferInputTensor.Builder tensor(TensorSpec input, int rows) {
    return InferInputTensor.newBuilder()
        .setName(input.name())
        .setDatatype(input.type().name())
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

  private static ByteString numbers(List<List<Long>> rows, int width, TensorSpec input) {
    Role role = Role.of(input.name());
    int elements = Math.multiplyExact(rows.size(), width);
    ByteBuffer bytes =
        ByteBuffer.allocate(Math.multiplyExact(elements, input.type().size()))
            .order(ByteOrder.LITTLE_ENDIAN);
    for (List<Long> row : rows) {
      for (int i = 0; i < width; i++) {
        boolean filled = i < row.size();
        long value =
            switch (role) {
              case IDS -> filled ? row.get(i) : 0;
              case MASK -> filled ? 1 : 0;
              case TYPES -> 0;
            };
        input.type().put((double) value, bytes);
      }
    }
    return ByteString.copyFrom(bytes.flip());
  }
}
