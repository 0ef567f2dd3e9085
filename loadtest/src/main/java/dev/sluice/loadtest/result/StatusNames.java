// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.result;

import io.grpc.Status;

/** Statuses as grpc-go spells them, which is how ghz's reports and their readers know them. */
public final class StatusNames {
  private StatusNames() {}

  public static String of(Status.Code code) {
    return switch (code) {
      case OK -> "OK";
      case CANCELLED -> "Canceled";
      case UNKNOWN -> "Unknown";
      case INVALID_ARGUMENT -> "InvalidArgument";
      case DEADLINE_EXCEEDED -> "DeadlineExceeded";
      case NOT_FOUND -> "NotFound";
      case ALREADY_EXISTS -> "AlreadyExists";
      case PERMISSION_DENIED -> "PermissionDenied";
      case RESOURCE_EXHAUSTED -> "ResourceExhausted";
      case FAILED_PRECONDITION -> "FailedPrecondition";
      case ABORTED -> "Aborted";
      case OUT_OF_RANGE -> "OutOfRange";
      case UNIMPLEMENTED -> "Unimplemented";
      case INTERNAL -> "Internal";
      case UNAVAILABLE -> "Unavailable";
      case DATA_LOSS -> "DataLoss";
      case UNAUTHENTICATED -> "Unauthenticated";
    };
  }

  /** The text of a failure as grpc-go words it; empty for OK. */
  public static String error(Status status) {
    if (status.isOk()) {
      return "";
    }
    String description = status.getDescription();
    return "rpc error: code = "
        + of(status.getCode())
        + " desc = "
        + (description == null ? "" : description);
  }
}
