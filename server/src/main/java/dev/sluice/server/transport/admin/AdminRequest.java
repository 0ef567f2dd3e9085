// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.admin;

import java.util.List;
import java.util.Map;

/**
 * What of a request an answer depends on.
 *
 * @param accept what the client says it reads; empty if it says nothing
 */
record AdminRequest(
    String method, String path, Map<String, List<String>> query, String accept, String body) {

  /** The only value of a query parameter; empty if there is none, or more than one. */
  String parameter(String name) {
    List<String> values = query.getOrDefault(name, List.of());
    return values.size() == 1 ? values.get(0) : "";
  }
}
