// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.wire;

import io.grpc.Status;

/** HTTP's codes in gRPC's words, in which reports count. */
final class HttpStatuses {
  private HttpStatuses() {}

  static Status of(int code) {
    Status status =
        switch (code) {
          case 200 -> Status.OK;
          case 400, 413, 415, 422 -> Status.INVALID_ARGUMENT;
          case 401 -> Status.UNAUTHENTICATED;
          case 403 -> Status.PERMISSION_DENIED;
          case 404 -> Status.NOT_FOUND;
          case 408, 504 -> Status.DEADLINE_EXCEEDED;
          case 429 -> Status.RESOURCE_EXHAUSTED;
          case 499 -> Status.CANCELLED;
          case 405, 501 -> Status.UNIMPLEMENTED;
          case 502, 503 -> Status.UNAVAILABLE;
          case 500 -> Status.INTERNAL;
          default -> Status.UNKNOWN;
        };
    return status.isOk() ? status : status.withDescription("HTTP " + code);
  }
}
