// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.endtoend;

import com.google.protobuf.ByteString;
import dev.sluice.proto.v1.EmbedRequest;
import dev.sluice.proto.v1.EmbedResponse;
import dev.sluice.proto.v1.Input;
import dev.sluice.proto.v1.TokenIds;
import java.nio.ByteOrder;

/** What a client does with requests and packed answers. */
final class Vectors {
  private Vectors() {}

  static EmbedRequest texts(String... texts) {
    EmbedRequest.Builder request = EmbedRequest.newBuilder();
    for (String text : texts) {
      request.addInputs(Input.newBuilder().setText(text));
    }
    return request.build();
  }

  static EmbedRequest tokens(int... ids) {
    TokenIds.Builder tokens = TokenIds.newBuilder();
    for (int id : ids) {
      tokens.addIds(id);
    }
    return EmbedRequest.newBuilder().addInputs(Input.newBuilder().setTokens(tokens)).build();
  }

  static float[][] of(EmbedResponse response) {
    float[] all = floats(response.getVectors());
    float[][] rows = new float[response.getCount()][response.getDimensions()];
    for (int row = 0; row < rows.length; row++) {
      System.arraycopy(all, row * response.getDimensions(), rows[row], 0, rows[row].length);
    }
    return rows;
  }

  static float[] floats(ByteString packed) {
    float[] floats = new float[packed.size() / Float.BYTES];
    packed.asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(floats);
    return floats;
  }

  static double cosine(float[] a, float[] b) {
    double dot = 0;
    double lengthA = 0;
    double lengthB = 0;
    for (int i = 0; i < a.length; i++) {
      dot += (double) a[i] * b[i];
      lengthA += (double) a[i] * a[i];
      lengthB += (double) b[i] * b[i];
    }
    return dot / Math.sqrt(lengthA * lengthB);
  }
}
