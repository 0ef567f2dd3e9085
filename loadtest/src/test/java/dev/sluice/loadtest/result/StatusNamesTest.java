// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.result;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

final class StatusNamesTest {
  @Test
  void statusesAreSpelledAsGrpcGoDoes() {
    assertThat(Arrays.stream(Status.Code.values()).map(StatusNames::of))
        .containsExactly(
            "OK",
            "Canceled",
            "Unknown",
            "InvalidArgument",
            "DeadlineExceeded",
            "NotFound",
            "AlreadyExists",
            "PermissionDenied",
            "ResourceExhausted",
            "FailedPrecondition",
            "Aborted",
            "OutOfRange",
            "Unimplemented",
            "Internal",
            "Unavailable",
            "DataLoss",
            "Unauthenticated");
    assertThat(StatusNames.error(Status.INTERNAL.withDescription("Internal error.")))
        .isEqualTo("rpc error: code = Internal desc = Internal error.");
    assertThat(StatusNames.error(Status.OK)).isEmpty();
  }
}
