// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.telemetry;

/**
 * Every limit whose hits are counted, under the key of its setting; where a setting limits more
 * than one thing, with what of it behind a colon. {@code docs/operating.md} has the table.
 */
public enum Limit {
  HTTP_BODY("http.max-body-bytes"),
  HTTP_INFLATED_BODY("http.max-body-bytes:inflated"),
  HTTP_BUFFERED("http.max-buffered-bytes"),
  HTTP_HEADERS("http.max-header-bytes"),
  HTTP_REQUEST_LINE("http.max-request-line"),
  HTTP_HEADER_TIME("http.header-timeout"),
  HTTP_BODY_TIME("http.body-timeout"),
  HTTP_IDLE("http.idle-timeout"),
  HTTP_UNREAD("http.body-timeout:unread"),
  HTTP_CONNECTIONS("http.max-connections"),
  HTTP_STREAMS("http.max-concurrent-requests-per-connection"),
  HTTP_RESETS("http.max-reset-frames"),
  HTTP_CONTROL_FRAMES("http.max-control-frames"),
  HTTP_PIPELINED("http.max-pipelined-requests"),

  GRPC_MESSAGE("grpc.max-message-bytes"),
  GRPC_INFLATED_MESSAGE("grpc.max-message-bytes:inflated"),
  GRPC_METADATA("grpc.max-metadata-bytes"),
  GRPC_CALLS("grpc.max-concurrent-calls-per-connection"),
  GRPC_PINGS("grpc.permit-keepalive"),
  GRPC_RESETS("grpc.max-reset-frames"),
  GRPC_HANDSHAKE("grpc.handshake-timeout"),
  GRPC_IDLE("grpc.max-connection-idle"),
  GRPC_AGE("grpc.max-connection-age"),

  ADMIN_REQUEST_LINE("admin.max-request-line"),
  ADMIN_HEADERS("admin.max-header-bytes"),
  ADMIN_BODY("admin.max-body-bytes"),
  ADMIN_CONNECTIONS("admin.max-connections"),
  ADMIN_STEP("admin.step-timeout"),
  ADMIN_UNREAD("admin.step-timeout:unread"),

  EMBED_INPUTS("limits.max-inputs-per-embed-call"),
  ENCODING("limits.max-queue-rows:encoding"),
  INFER_ROWS("limits.max-rows-per-infer"),
  TENSORS("limits.max-tensors-per-call"),
  DEADLINE("limits.max-deadline"),

  QUEUE_ROWS("limits.max-queue-rows"),
  QUEUE_TOKENS("limits.max-queue-tokens"),
  QUEUE_BYTES("limits.max-queue-bytes");

  private final String label;

  Limit(String label) {
    this.label = label;
  }

  public String label() {
    return label;
  }

  /** The key of the setting. */
  public String setting() {
    int detail = label.indexOf(':');
    return detail < 0 ? label : label.substring(0, detail);
  }

  /** Whether each model has a counter of its own. */
  public boolean perModel() {
    return this == QUEUE_ROWS || this == QUEUE_TOKENS || this == QUEUE_BYTES;
  }
}
