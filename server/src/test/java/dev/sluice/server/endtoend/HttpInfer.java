// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.endtoend;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.concurrent.CompletableFuture;

/** Open Inference Protocol requests over HTTP, of one row for the input {@code i}. */
final class HttpInfer implements AutoCloseable {
  private final HttpClient client = HttpClient.newHttpClient();
  private final TestServer server;

  HttpInfer(TestServer server) {
    this.server = server;
  }

  /**
   * @param parameters of the request, as JSON
   * @param headers names and values
   */
  CompletableFuture<HttpResponse<String>> send(
      String model, long row, String parameters, String... headers) {
    String body =
        """
        {"inputs": [{"name": "i", "datatype": "INT64", "shape": [1, 1], "data": [%d]}],
         "parameters": {%s}}
        """
            .formatted(row, parameters);
    HttpRequest.Builder request =
        HttpRequest.newBuilder(
                URI.create(
                    "http://127.0.0.1:%d/v2/models/%s/infer"
                        .formatted(server.server().httpPort(), model)))
            .POST(HttpRequest.BodyPublishers.ofString(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.sendAsync(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
