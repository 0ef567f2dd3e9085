// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.client;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import dev.sluice.proto.v1.SloCheckResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Asks the admin port of a running server for its verdicts, once. */
public final class SloClient {
  /** Thousands of models with many objectives each. */
  private static final int MAX_BYTES = 64 << 20;

  private static final String NO_ANSWER = "UNREACHABLE: no answer in time";

  private SloClient() {}

  /** What came back. */
  public sealed interface Answer {
    /** A whole answer. */
    record Verdicts(SloCheckResponse response) implements Answer {}

    /** Why there is none. */
    record Missing(String why) implements Answer {}
  }

  /**
   * @param server the admin port, such as {@code http://127.0.0.1:8002}
   * @param model empty for all
   * @param timeout for everything: the answer may trickle for as long as it likes
   */
  public static Answer check(URI server, String model, Duration timeout)
      throws InterruptedException {
    int millis = (int) Math.min(Integer.MAX_VALUE, timeout.toMillis());
    FutureTask<Answer> asking = new FutureTask<>(() -> ask(server, model, millis));
    Thread.ofPlatform().name("slo-check").daemon(true).start(asking);
    try {
      return asking.get(millis, TimeUnit.MILLISECONDS);
    } catch (TimeoutException late) {
      asking.cancel(true);
      return new Answer.Missing(NO_ANSWER);
    } catch (ExecutionException failed) {
      return new Answer.Missing(why(failed.getCause()));
    }
  }

  private static Answer ask(URI server, String model, int timeoutMillis) throws IOException {
    String query =
        model.isEmpty() ? "" : "?model=" + URLEncoder.encode(model, StandardCharsets.UTF_8);
    HttpURLConnection connection =
        (HttpURLConnection) server.resolve("/slo" + query).toURL().openConnection(Proxy.NO_PROXY);
    connection.setInstanceFollowRedirects(false);
    connection.setConnectTimeout(timeoutMillis);
    connection.setReadTimeout(timeoutMillis);
    try {
      int status = connection.getResponseCode();
      if (status < 0) {
        throw new InvalidProtocolBufferException("the answer is not HTTP");
      }
      if (status != HttpURLConnection.HTTP_OK) {
        return new Answer.Missing("FAILED: the server answered " + status + " to /slo");
      }
      try (InputStream body = connection.getInputStream()) {
        return parse(read(body));
      }
    } finally {
      connection.disconnect();
    }
  }

  /** Ends at the bound, and soon after the thread is interrupted. */
  private static byte[] read(InputStream body) throws IOException {
    ByteArrayOutputStream read = new ByteArrayOutputStream();
    byte[] piece = new byte[1 << 14];
    for (int n = 0; n >= 0; n = body.read(piece)) {
      read.write(piece, 0, n);
      if (read.size() > MAX_BYTES || Thread.currentThread().isInterrupted()) {
        throw new InvalidProtocolBufferException("the answer has no end");
      }
    }
    return read.toByteArray();
  }

  private static Answer parse(byte[] body) throws InvalidProtocolBufferException {
    SloCheckResponse.Builder response = SloCheckResponse.newBuilder();
    String json = new String(body, StandardCharsets.UTF_8);
    JsonFormat.parser().ignoringUnknownFields().merge(json, response);
    return response.getVerdict() == SloCheckResponse.Verdict.UNKNOWN
        ? new Answer.Missing("UNREADABLE: the answer has no verdict")
        : new Answer.Verdicts(response.build());
  }

  private static String why(@Nullable Throwable cause) {
    return switch (cause) {
      case InvalidProtocolBufferException ignored ->
          "UNREADABLE: the answer is not that of an admin port";
      case SocketTimeoutException ignored -> NO_ANSWER;
      case IOException ignored -> "UNREACHABLE: no connection";
      case null, default -> throw new IllegalStateException(cause);
    };
  }
}
