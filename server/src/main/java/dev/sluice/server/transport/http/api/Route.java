// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.http.api;

import java.util.List;
import java.util.function.BiFunction;
import java.util.regex.Pattern;

/** A verb, a form of path, and who handles it. */
record Route(String method, Pattern path, Endpoint endpoint) {
  static final String NAME = "(?<name>[^/]+)";
  static final String REGION = "(?<region>[^/]+)";
  static final String REPOSITORY = "(?<repository>[^/]+)";

  /** What clients may choose of paths, the last first. */
  static final List<String> CHOSEN = List.of("version", "name", "region", "repository");

  static final String MODEL = "/v2/models/" + NAME + "(?:/versions/(?<version>[^/]+))?";

  static Route post(String path, Endpoint endpoint) {
    return new Route("POST", Pattern.compile(path), endpoint);
  }

  /** For what is answered at once. */
  static Route get(String path, BiFunction<ApiRequest, PathParts, ApiResponse> answer) {
    return new Route("GET", Pattern.compile(path), direct(answer));
  }

  static Endpoint direct(BiFunction<ApiRequest, PathParts, ApiResponse> answer) {
    return (request, parts, responder) -> {
      ApiResponse response = answer.apply(request, parts);
      responder.answer(0, () -> response);
      return Endpoint.NOTHING_TO_CANCEL;
    };
  }
}
