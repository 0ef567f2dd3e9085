// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.inference;

import com.google.protobuf.ByteString;
import dev.sluice.loadtest.corpus.Item;
import dev.sluice.loadtest.run.Rpc;
import dev.sluice.proto.v1.EmbedRequest;
import dev.sluice.proto.v1.EmbedResponse;
import dev.sluice.proto.v1.EmbeddingServiceGrpc;
import dev.sluice.proto.v1.Input;
import dev.sluice.proto.v1.TokenIds;
import io.grpc.MethodDescriptor.MethodType;
import java.io.IOException;
import java.util.List;

/** {@code sluice.v1}: texts or token ids, many in a request. */
final class SluiceProtocol implements Protocol {
  private static final Rpc RPC =
      Rpc.of(EmbeddingServiceGrpc.getEmbedMethod().getFullMethodName(), MethodType.UNARY);

  private final String model;

  SluiceProtocol(String model) {
    this.model = model;
  }

  @Override
  public Rpc rpc() {
    return RPC;
  }

  @Override
  public ByteString request(List<Item> items) {
    EmbedRequest.Builder request = EmbedRequest.newBuilder().setModel(model);
    for (Item item : items) {
      request.addInputs(
          switch (item) {
            case Item.Text text -> Input.newBuilder().setText(text.text());
            case Item.Tokens tokens ->
                Input.newBuilder()
                    .setTokens(
                        TokenIds.newBuilder()
                            .addAllIds(tokens.ids().stream().map(Long::intValue).toList()));
            case Item.Row row -> throw new IllegalStateException("no tensors are made up here");
          });
    }
    return request.build().toByteString();
  }

  @Override
  public List<float[]> vectors(ByteString answer) throws IOException {
    EmbedResponse response = EmbedResponse.parseFrom(answer);
    return Floats.rows(response.getVectors(), response.getCount());
  }
}
