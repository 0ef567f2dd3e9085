// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.inference;

import dev.sluice.loadtest.report.HlogLine;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.HdrHistogram.Histogram;

/**
 * How long a Sluice server took for the requests it answered since it started, whole histograms:
 * the {@code total} stages of {@code /hlog} on its admin port. All versions and variants of the
 * model together, or all models.
 */
public final class ServerDurations {
  private static final int MOST_BYTES = 64 << 20;
  private static final String STAGE = ":total";

  private final Map<String, Histogram> byTag;

  private ServerDurations(Map<String, Histogram> byTag) {
    this.byTag = byTag;
  }

  /**
   * @param model empty: all
   * @throws IOException with one line that says why the server does not tell
   */
  public static ServerDurations ask(URI admin, String model, Duration timeout) throws IOException {
    HttpURLConnection connection =
        (HttpURLConnection) admin.resolve("/hlog").toURL().openConnection(Proxy.NO_PROXY);
    int millis = (int) Math.max(1, Math.min(Integer.MAX_VALUE, timeout.toMillis()));
    connection.setConnectTimeout(millis);
    connection.setReadTimeout(millis);
    connection.setInstanceFollowRedirects(false);
    try {
      if (connection.getResponseCode() != HttpURLConnection.HTTP_OK) {
        throw new IOException("HTTP " + connection.getResponseCode());
      }
      try (InputStream in = connection.getInputStream()) {
        byte[] log = in.readNBytes(MOST_BYTES + 1);
        if (log.length > MOST_BYTES) {
          throw new IOException("its log is larger than 64 MiB");
        }
        return read(new String(log, StandardCharsets.UTF_8), model);
      }
    } finally {
      connection.disconnect();
    }
  }

  private static ServerDurations read(String log, String model) throws IOException {
    // As the server writes a name into a tag.
    String start = model.isEmpty() ? "" : model.replaceAll("[^A-Za-z0-9._:/-]", "_") + ":";
    Map<String, Histogram> byTag = new LinkedHashMap<>();
    try {
      log.lines()
          .flatMap(line -> HlogLine.parse(line).stream())
          .filter(line -> line.tag().startsWith(start) && line.tag().endsWith(STAGE))
          .forEach(line -> byTag.put(line.tag(), line.histogram()));
    } catch (IllegalArgumentException e) {
      throw new IOException("its log has a line that is " + e.getMessage(), e);
    }
    return new ServerDurations(byTag);
  }

  /** Of the requests since then; nothing of a model that a restart has set back. */
  public Optional<Histogram> since(ServerDurations before) {
    Histogram sum = null;
    for (Map.Entry<String, Histogram> each : byTag.entrySet()) {
      Histogram since = each.getValue().copy();
      Histogram earlier = before.byTag.get(each.getKey());
      try {
        if (earlier != null) {
          since.subtract(earlier);
        }
      } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException setBack) {
        continue;
      }
      if (sum == null) {
        sum = since;
      } else {
        sum.add(since);
      }
    }
    return Optional.ofNullable(sum).filter(some -> some.getTotalCount() > 0);
  }
}
