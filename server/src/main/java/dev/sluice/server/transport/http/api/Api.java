// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.http.api;

import dev.sluice.batching.NanoClock;
import dev.sluice.batching.Ticket;
import dev.sluice.server.core.Catalog;
import dev.sluice.server.core.Inference;
import dev.sluice.server.core.Problem;
import dev.sluice.server.core.RequestTrace;
import dev.sluice.server.transport.shared.Faults;
import dev.sluice.server.transport.shared.LogControl;
import io.netty.handler.codec.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Every route of the public port. Safe for use by many threads. */
public final class Api {
  private static final byte[] NO_BODY = {};
  private static final Matcher NO_PARTS = Pattern.compile("").matcher("");
  private static final int MOST_PARAMETERS = 8;

  private final List<Route> routes = new ArrayList<>();
  private final Faults faults;

  /**
   * @param ready whether requests are welcome
   * @param maxTensors inputs, and requested outputs, of one infer call
   * @param maxEmbedInputs inputs of one embed call
   */
  public record Parts(
      Inference inference,
      Catalog catalog,
      NanoClock clock,
      LogControl logs,
      BooleanSupplier ready,
      String serverVersion,
      int maxTensors,
      int maxEmbedInputs) {}

  public Api(Parts parts, Faults faults) {
    this.faults = faults;
    Terms terms = new Terms(parts.clock());
    ServerRoutes.add(routes, parts);
    ModelRoutes.add(routes, parts, terms);
    RepositoryRoutes.add(routes, parts.catalog());
    Endpoint embeddings = new OpenAiEmbeddings(parts.inference(), terms, parts.maxEmbedInputs());
    routes.add(Route.post("/v1/embeddings|/embeddings", embeddings));
    OpenAiModels models = new OpenAiModels(parts.catalog(), parts.ready());
    routes.add(Route.get("/v1/models", (request, path) -> models.list()));
    routes.add(Route.get("/v1/models/" + Route.NAME, (request, path) -> models.one(path.name())));
  }

  /** Refuses what would be refused whatever its body is. */
  public void check(String method, String path, HttpHeaders headers) {
    var unused = find(new ApiRequest(method, path, headers, NO_BODY, 0, RequestTrace.NONE));
  }

  /** Hands the request to its route; the answer, a failure included, goes to the responder. */
  public Ticket handle(ApiRequest request, Responder responder) {
    try {
      Found found = find(request);
      return found.route().endpoint().handle(request, parts(found.path()), responder);
    } catch (RuntimeException refused) {
      responder.answer(0, () -> failure(request.path(), refused));
      return Endpoint.NOTHING_TO_CANCEL;
    }
  }

  /** What a failure looks like on the path that it happened on. */
  public ApiResponse failure(String path, Throwable thrown) {
    return HttpProblems.of(Flavour.of(path), thrown, faults);
  }

  /** As {@link #failure(String, Throwable)}. */
  public ApiResponse failure(String path, Problem problem) {
    return HttpProblems.of(Flavour.of(path), problem);
  }

  private record Found(Route route, Matcher path) {}

  private Found find(ApiRequest request) {
    String method = request.method().equals("HEAD") ? "GET" : request.method();
    for (Route route : routes) {
      if (route.method().equals(method)) {
        Matcher path = route.path().matcher(request.path());
        if (path.matches()) {
          follow(request, path);
          if (method.equals("POST")) {
            checkContentType(request);
          }
          return new Found(route, path);
        }
      }
    }
    String allowed = allowed(request.path());
    if (method.equals("OPTIONS")) {
      return new Found(Route.get("", (any, path) -> ApiResponse.empty(allowed)), NO_PARTS);
    }
    throw new StatusException(405, "Method Not Allowed; use " + allowed, Map.of("allow", allowed));
  }

  private static void follow(ApiRequest request, Matcher path) {
    if (!request.trace().equals(RequestTrace.NONE)) {
      request.trace().matched(rule(request.path(), path));
    }
  }

  /** The path with names for the parts that a client may choose. */
  private static String rule(String path, Matcher matcher) {
    StringBuilder rule = new StringBuilder(path);
    // From the end on, so that the places of the others stay what they are.
    for (String part : Route.CHOSEN) {
      if (matcher.namedGroups().containsKey(part) && matcher.group(part) != null) {
        rule.replace(matcher.start(part), matcher.end(part), "{" + part + "}");
      }
    }
    return rule.toString();
  }

  /** The methods of a path that exists. */
  private String allowed(String path) {
    Set<String> methods = new LinkedHashSet<>();
    for (Route route : routes) {
      if (path.equals("*") || route.path().matcher(path).matches()) {
        methods.add(route.method().equals("GET") ? "GET, HEAD" : route.method());
      }
    }
    if (methods.isEmpty()) {
      throw new StatusException(404, "Not Found");
    }
    return String.join(", ", methods) + ", OPTIONS";
  }

  /** Anything that a web page may post elsewhere without asking first is refused. */
  private static void checkContentType(ApiRequest request) {
    String type = request.header("content-type").toLowerCase(Locale.ROOT);
    int parameters = type.indexOf(';');
    String media = (parameters < 0 ? type : type.substring(0, parameters)).strip();
    if (parameters >= 0 && !charsetIsKnown(type.substring(parameters + 1))) {
      throw new StatusException(415, "Content-Type: the charset must be utf-8");
    }
    // A page may post without a type; other clients that leave it out name no origin.
    boolean untyped = media.isEmpty() && request.header("origin").isEmpty();
    boolean known = untyped || media.equals("application/json") || media.endsWith("+json");
    boolean binary =
        media.equals("application/octet-stream")
            && Flavour.of(request.path()) == Flavour.OPEN_INFERENCE;
    if (!known && !binary) {
      throw new StatusException(415, "Content-Type must be application/json");
    }
  }

  /** JSON is UTF-8; what is named must be that, or a part of it. */
  private static boolean charsetIsKnown(String parameters) {
    for (String parameter : parameters.split(";", MOST_PARAMETERS)) {
      String text = parameter.strip();
      if (text.startsWith("charset=")) {
        String name = text.substring("charset=".length()).replace("\"", "").strip();
        return name.equals("utf-8") || name.equals("utf8") || name.equals("us-ascii");
      }
    }
    return true;
  }

  private static PathParts parts(Matcher matcher) {
    Map<String, Integer> groups = matcher.namedGroups();
    return new PathParts(part(matcher, groups, "name"), part(matcher, groups, "version"));
  }

  private static String part(Matcher matcher, Map<String, Integer> groups, String group) {
    String text = groups.containsKey(group) ? matcher.group(group) : null;
    return text == null ? "" : decode(text);
  }

  private static String decode(String text) {
    if (text.indexOf('%') < 0) {
      return text;
    }
    try {
      return java.net.URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException badEscape) {
      throw new StatusException(400, "the path has a bad %-escape");
    }
  }
}
