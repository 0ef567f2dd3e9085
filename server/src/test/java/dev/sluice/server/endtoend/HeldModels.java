// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.endtoend;

import dev.sluice.models.tensor.DType;
import dev.sluice.models.testing.OnnxBuilder;
import dev.sluice.models.testing.Tensors;
import dev.sluice.proto.inference.GRPCInferenceServiceGrpc;
import dev.sluice.proto.inference.GRPCInferenceServiceGrpc.GRPCInferenceServiceFutureStub;
import dev.sluice.proto.inference.InferParameter;
import dev.sluice.proto.inference.ModelInferRequest;
import dev.sluice.server.telemetry.Scrape;
import io.grpc.Metadata;
import io.grpc.stub.MetadataUtils;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * Models that hold what is sent to them until a batch is full: their linger is longer than any test
 * lasts. So tests know what waits and when it runs, on a machine of any speed. Callers bring no
 * deadline, since one within the linger would end it.
 */
final class HeldModels {
  /** Rows of a full batch. */
  static final int FULL = 4;

  /** A row that fails whatever batch it is in. */
  static final long POISON = 7;

  private HeldModels() {}

  /** Looks each row up in a table of three, in one lane. */
  static void write(Path repository, String name, String dynamicBatching) throws IOException {
    Path folder = repository.resolve(name);
    new OnnxBuilder()
        .input("i", DType.INT64, -1, 1)
        .output("y", DType.FP32, -1, 1)
        .constant("table", Tensors.fp32(new long[] {3}, 5, 6, 7))
        .node("Gather", List.of("table", "i"), List.of("y"))
        .write(folder.resolve("1").resolve("model.onnx"));
    Files.writeString(
        folder.resolve("config.pbtxt"),
        """
        max_batch_size: %d
        instance_group [ { count: 1 kind: KIND_CPU } ]
        dynamic_batching { max_queue_delay_microseconds: 300000000 %s }
        """
            .formatted(FULL, dynamicBatching));
  }

  static ModelInferRequest.Builder rows(String model, long... indices) {
    return Infer.with(Infer.on(model), "i", Tensors.int64(new long[] {indices.length, 1}, indices));
  }

  static InferParameter number(long value) {
    return InferParameter.newBuilder().setInt64Param(value).build();
  }

  /**
   * @param metadata names and values
   */
  static GRPCInferenceServiceFutureStub caller(TestServer server, String... metadata) {
    Metadata headers = new Metadata();
    for (int i = 0; i < metadata.length; i += 2) {
      headers.put(Metadata.Key.of(metadata[i], Metadata.ASCII_STRING_MARSHALLER), metadata[i + 1]);
    }
    return GRPCInferenceServiceGrpc.newFutureStub(server.channel())
        .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers));
  }

  static double metric(TestServer server, String model, String name, String... labels)
      throws IOException {
    String[] all = Arrays.copyOf(labels, labels.length + 2);
    all[labels.length] = "model";
    all[labels.length + 1] = model;
    return Scrape.of(RawHttp1.scrape(server.server().adminPort())).value(name, all);
  }

  /** Looks until the metric has the value; fails after more looks than could ever be needed. */
  static void await(double value, TestServer server, String model, String name, String... labels)
      throws IOException {
    double seen = Double.NaN;
    for (int look = 0; look < 20_000; look++) {
      seen = metric(server, model, name, labels);
      if (seen == value) {
        return;
      }
    }
    throw new AssertionError(name + " of " + model + " is " + seen + ", not " + value);
  }
}
