// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.inference;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.ByteString;
import dev.sluice.loadtest.corpus.Item;
import dev.sluice.loadtest.ghz.Inference;
import dev.sluice.loadtest.run.Rpc;
import dev.sluice.loadtest.run.RunException;
import io.grpc.MethodDescriptor.MethodType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Embeddings over HTTP: OpenAI's {@code /v1/embeddings}, or TEI's {@code /embed}. */
final class JsonProtocol implements Protocol {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final boolean openAi;
  private final String model;
  private final Rpc rpc;

  JsonProtocol(Inference.Target target, String model) {
    this.openAi = target == Inference.Target.OPENAI;
    this.model = model;
    this.rpc = Rpc.of(target.call(), MethodType.UNARY);
  }

  @Override
  public Rpc rpc() {
    return rpc;
  }

  @Override
  public ByteString request(List<Item> items) {
    ObjectNode root = JSON.createObjectNode();
    if (openAi) {
      root.put("model", model);
    } else {
      root.put("truncate", true);
    }
    ArrayNode inputs = root.putArray(openAi ? "input" : "inputs");
    for (Item item : items) {
      switch (item) {
        case Item.Text text -> inputs.add(text.text());
        case Item.Tokens tokens -> {
          if (!openAi) {
            throw new RunException("corpus: tei-http takes texts, no token ids");
          }
          ArrayNode ids = inputs.addArray();
          tokens.ids().forEach(ids::add);
        }
        case Item.Row row -> throw new IllegalStateException("no tensors are made up here");
      }
    }
    try {
      return ByteString.copyFrom(JSON.writeValueAsBytes(root));
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  @Override
  public List<float[]> vectors(ByteString answer) throws IOException {
    JsonNode root = JSON.readTree(answer.newInput());
    List<float[]> vectors = new ArrayList<>();
    for (JsonNode row : openAi ? root.path("data") : root) {
      JsonNode numbers = openAi ? row.path("embedding") : row;
      float[] vector = new float[numbers.size()];
      for (int i = 0; i < vector.length; i++) {
        vector[i] = numbers.get(i).floatValue();
      }
      vectors.add(vector);
    }
    return vectors;
  }
}
