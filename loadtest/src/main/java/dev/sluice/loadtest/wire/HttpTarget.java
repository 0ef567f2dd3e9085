// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.wire;

import dev.sluice.loadtest.ghz.Inference;
import dev.sluice.loadtest.ghz.Options;
import dev.sluice.loadtest.run.RunException;
import io.netty.handler.ssl.SslContext;
import org.jspecify.annotations.Nullable;

/**
 * Where requests go to.
 *
 * @param authority what the server is called in requests
 * @param certified the name that its certificate must have
 * @param tls null: plaintext
 * @param mostBytes of an answer
 */
record HttpTarget(
    String host,
    int port,
    String authority,
    String certified,
    String path,
    @Nullable SslContext tls,
    int connectMillis,
    int mostBytes) {
  private static final int LAST_PORT = 65_535;

  /**
   * @throws RunException if the host is none, or a file of TLS cannot be used
   */
  static HttpTarget of(Options options) {
    String address = options.host();
    int colon = address.lastIndexOf(':');
    String name = colon < 0 ? "" : address.substring(0, colon).replaceAll("^\\[|\\]$", "");
    String digits = address.substring(colon + 1);
    int port = digits.matches("\\d{1,5}") ? Integer.parseInt(digits) : 0;
    if (name.isEmpty() || name.contains("/") || port < 1 || port > LAST_PORT) {
      throw new RunException("host: '" + address + "' is no HOST:PORT");
    }
    var security = options.security();
    return new HttpTarget(
        name,
        port,
        security.authority().isEmpty() ? address : security.authority(),
        security.cname().isEmpty() ? name : security.cname(),
        options.inference().target().map(Inference.Target::path).orElse("/"),
        security.insecure() ? null : Credentials.forHttp(security),
        (int) Math.min(Integer.MAX_VALUE, options.wire().connectTimeout().toMillis()),
        options.wire().maxReceive());
  }
}
