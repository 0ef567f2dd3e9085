// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.google.rpc.RetryInfo;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * How a call failed, as its client is told.
 *
 * @param retryMillis after which to try again; null when nothing is said of that
 */
record Refusal(Status.Code code, String message, @Nullable Long retryMillis) {
  private static final Metadata.Key<String> PUSHBACK =
      Metadata.Key.of("grpc-retry-pushback-ms", Metadata.ASCII_STRING_MARSHALLER);

  /** Of a gRPC call; where it has a time to retry after, its two forms must agree. */
  static Refusal of(Future<?> call) throws Exception {
    StatusRuntimeException thrown;
    try {
      throw new AssertionError("answered: " + call.get(1, TimeUnit.MINUTES));
    } catch (ExecutionException failed) {
      thrown = (StatusRuntimeException) Objects.requireNonNull(failed.getCause());
    }
    Long retry = null;
    for (Any detail : Objects.requireNonNull(StatusProto.fromThrowable(thrown)).getDetailsList()) {
      if (detail.is(RetryInfo.class)) {
        com.google.protobuf.Duration delay = detail.unpack(RetryInfo.class).getRetryDelay();
        retry = Duration.ofSeconds(delay.getSeconds(), delay.getNanos()).toMillis();
      }
    }
    if (retry != null) {
      Metadata trailers = Objects.requireNonNull(thrown.getTrailers());
      assertThat(trailers.get(PUSHBACK)).isEqualTo(Long.toString(retry));
    }
    return new Refusal(
        thrown.getStatus().getCode(), String.valueOf(thrown.getStatus().getDescription()), retry);
  }

  /** Of an HTTP request, whose two headers must agree. */
  static long retryMillis(HttpResponse<?> refused) {
    long millis = refused.headers().firstValueAsLong("retry-after-ms").orElseThrow();
    assertThat(refused.headers().firstValueAsLong("retry-after"))
        .hasValue(Math.ceilDiv(millis, 1000L));
    return millis;
  }
}
