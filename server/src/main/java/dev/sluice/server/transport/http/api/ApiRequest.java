// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.http.api;

import dev.sluice.server.core.RequestTrace;
import dev.sluice.server.transport.http.json.JsonReader;
import io.netty.handler.codec.http.HttpHeaders;
import java.nio.ByteBuffer;

/**
 * A whole request, its body decompressed.
 *
 * @param path decoded nowhere, without the query
 * @param arrivedNanos when its last byte was there
 */
@SuppressWarnings("ArrayRecordComponent") // handed over, never compared
public record ApiRequest(
    String method,
    String path,
    HttpHeaders headers,
    byte[] body,
    long arrivedNanos,
    RequestTrace trace) {
  String header(String name) {
    String value = headers.get(name);
    return value == null ? "" : value;
  }

  JsonReader json() {
    return JsonReader.of(body, 0, body.length);
  }

  ByteBuffer bytes(int from, int length) {
    return ByteBuffer.wrap(body, from, length).slice();
  }
}
