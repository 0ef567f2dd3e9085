// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.serving;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.sluice.models.spec.ModelSpec;
import java.util.Map;
import java.util.Objects;

/** The same model without any code of ours: one text per run, the mean taken in doubles. */
record PlainMiniLm(HuggingFaceTokenizer tokenizer, OrtSession session) implements AutoCloseable {

  /** Only after our engine is loaded: DJL insists on making the environment itself. */
  static PlainMiniLm load(ModelSpec spec) throws Exception {
    HuggingFaceTokenizer tokenizer =
        HuggingFaceTokenizer.newInstance(
            Objects.requireNonNull(spec.text()).tokenizer(),
            Map.of("padding", "false", "truncation", "true", "maxLength", "256"));
    OrtSession session =
        OrtEnvironment.getEnvironment()
            .createSession(spec.file().toString(), new OrtSession.SessionOptions());
    return new PlainMiniLm(tokenizer, session);
  }

  float[] embed(String text) throws OrtException {
    Encoding encoding = tokenizer.encode(text);
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (OnnxTensor ids = row(environment, encoding.getIds());
        OnnxTensor mask = row(environment, encoding.getAttentionMask());
        OnnxTensor types = row(environment, encoding.getTypeIds());
        OrtSession.Result result =
            session.run(
                Map.of("input_ids", ids, "attention_mask", mask, "token_type_ids", types))) {
      float[][] tokens = ((float[][][]) result.get(0).getValue())[0];
      float[] mean = new float[tokens[0].length];
      for (int i = 0; i < mean.length; i++) {
        double sum = 0;
        for (float[] token : tokens) {
          sum += token[i];
        }
        mean[i] = (float) (sum / tokens.length);
      }
      return mean;
    }
  }

  private static OnnxTensor row(OrtEnvironment environment, long[] values) throws OrtException {
    return OnnxTensor.createTensor(environment, new long[][] {values});
  }

  @Override
  public void close() throws OrtException {
    session.close();
    tokenizer.close();
  }
}
