// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.http.api;

import dev.sluice.batching.NanoClock;
import dev.sluice.batching.Ticket;
import dev.sluice.server.core.Catalog;
import dev.sluice.server.core.Inference;
import dev.sluice.server.core.Problem;
import dev.sluice.server.transport.shared.Faults;
import dev.sluice.server.transport.shared.LogControl;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;

/** Every route of the public port. Safe for use by many threads. */
public final class Api {
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

  /** Hands the request to its route; the answer, a failure included, goes to the responder. */
  public Ticket handle(ApiRequest request, Responder responder) {
    Flavour flavour = Flavour.of(request.path());
    try {
      return route(request, responder);
    } catch (RuntimeException refused) {
      responder.answer(() -> HttpProblems.of(flavour, refused, faults));
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

  private Ticket route(ApiRequest request, Responder responder) {
    String allowed = "";
    String method = request.method().equals("HEAD") ? "GET" : request.method();
    for (Route route : routes) {
      Matcher matcher = route.path().matcher(request.path());
      if (!matcher.matches()) {
        continue;
      }
      if (route.method().equals(method)) {
        request.trace().matched(rule(request.path(), matcher));
        if (method.equals("POST")) {
          checkContentType(request);
        }
        return route.endpoint().handle(request, parts(matcher), responder);
      }
      String verb = route.method().equals("GET") ? "GET, HEAD" : route.method();
      allowed = allowed.isEmpty() ? verb : allowed + ", " + verb;
    }
    if (allowed.isEmpty()) {
      throw new StatusException(404, "Not Found");
    }
    throw new StatusException(405, "Method Not Allowed; use " + allowed, Map.of("allow", allowed));
  }

  /** The path with names for the parts that a client may choose. */
  private static String rule(String path, Matcher matcher) {
    StringBuilder rule = new StringBuilder(path);
    // From the end on, so that the places of the others stay what they are.
    for (String part : List.of("version", "name")) {
      if (matcher.namedGroups().containsKey(part) && matcher.group(part) != null) {
        rule.replace(matcher.start(part), matcher.end(part), "{" + part + "}");
      }
    }
    return rule.toString();
  }

  /** Anything that a web page may post elsewhere without asking first is refused. */
  private static void checkContentType(ApiRequest request) {
    String type = request.header("content-type").toLowerCase(Locale.ROOT);
    int parameters = type.indexOf(';');
    String media = (parameters < 0 ? type : type.substring(0, parameters)).strip();
    boolean known = media.isEmpty() || media.equals("application/json") || media.endsWith("+json");
    boolean binary =
        media.equals("application/octet-stream")
            && Flavour.of(request.path()) == Flavour.OPEN_INFERENCE;
    if (!known && !binary) {
      throw new StatusException(415, "Content-Type must be application/json");
    }
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
