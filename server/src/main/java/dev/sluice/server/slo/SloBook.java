// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.slo;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.sluice.batching.NanoClock;
import dev.sluice.server.telemetry.ModelMeter;
import dev.sluice.server.telemetry.Telemetry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the sliding windows of every model that has objectives, and judges them. A model keeps its
 * windows through reloads and new versions; one that is gone is forgotten when they have run empty,
 * so only models that are or were loaded take memory.
 *
 * <p>Safe for any number of threads: one lock guards everything, and no thread that serves requests
 * takes it. Whoever asks may do the work of judging, at most four times a second in all; so ask on
 * no thread that must not wait for some milliseconds.
 */
public final class SloBook {
  private static final long FRESH_NANOS = Duration.ofMillis(250).toNanos();
  private static final Duration LONGEST_TICK = Duration.ofSeconds(5);

  private final Objectives objectives;
  private final Telemetry telemetry;
  private final NanoClock clock;
  private final long startNanos;

  /** A meter equals itself only: a model that is loaded again has another. */
  @GuardedBy("this")
  private final Map<ModelMeter, MeterCursor> cursors = new HashMap<>();

  @GuardedBy("this")
  private final Map<String, ModelWindows> models = new TreeMap<>();

  @GuardedBy("this")
  private Set<String> loaded = Set.of();

  /** Since the start; never goes back, whatever the clock does. */
  @GuardedBy("this")
  private long collectedNanos;

  @GuardedBy("this")
  private @Nullable SloReport report;

  @GuardedBy("this")
  private long reportNanos;

  public SloBook(Objectives objectives, Telemetry telemetry, NanoClock clock) {
    this.objectives = objectives;
    this.telemetry = telemetry;
    this.clock = clock;
    this.startNanos = clock.nanoTime();
    synchronized (this) {
      objectives.named().forEach(model -> models.put(model, windows(model)));
    }
  }

  private ModelWindows windows(String model) {
    return new ModelWindows(objectives.of(model));
  }

  /** How often {@link #tick} must be called; empty when there is nothing to judge. */
  public Optional<Duration> tickInterval() {
    return objectives.byModel().values().stream()
        .flatMap(List::stream)
        .map(objective -> objective.window().dividedBy(SlidingWindow.SLOTS))
        .min(Duration::compareTo)
        .map(slot -> slot.compareTo(LONGEST_TICK) < 0 ? slot : LONGEST_TICK);
  }

  /** Puts what was counted since the last time into the windows. */
  public synchronized void tick() {
    collect();
  }

  /** As of now, or of a quarter of a second ago at the most. */
  public synchronized SloReport report() {
    if (report == null || elapsed() - reportNanos >= FRESH_NANOS) {
      collect();
      report = judge();
      reportNanos = collectedNanos;
    }
    return report;
  }

  @GuardedBy("this")
  private long elapsed() {
    return Math.max(collectedNanos, clock.nanoTime() - startNanos);
  }

  /** What is new came at some time since the last collection: it is booked under now. */
  @GuardedBy("this")
  private void collect() {
    collectedNanos = elapsed();
    Set<ModelMeter> live = liveMeters();
    for (Map.Entry<ModelMeter, MeterCursor> each : cursors.entrySet()) {
      Events news = each.getValue().news();
      if (!news.isEmpty()) {
        models.computeIfAbsent(each.getValue().model(), this::windows).add(collectedNanos, news);
      }
    }
    // Only now: what a meter counted last, before its model was unloaded, is not lost.
    cursors.keySet().retainAll(live);
    forgetTheGone();
  }

  @GuardedBy("this")
  private Set<ModelMeter> liveMeters() {
    Set<ModelMeter> live = new HashSet<>();
    loaded = new TreeSet<>();
    for (ModelMeter meter : telemetry.meters()) {
      String model = meter.labels().model();
      if (!objectives.of(model).isEmpty()) {
        live.add(meter);
        loaded.add(model);
        cursors.computeIfAbsent(meter, MeterCursor::new);
        models.computeIfAbsent(model, this::windows);
      }
    }
    return live;
  }

  @GuardedBy("this")
  private void forgetTheGone() {
    for (Iterator<Map.Entry<String, ModelWindows>> each = models.entrySet().iterator();
        each.hasNext(); ) {
      Map.Entry<String, ModelWindows> model = each.next();
      boolean wanted =
          loaded.contains(model.getKey()) || objectives.byModel().containsKey(model.getKey());
      if (!wanted && model.getValue().emptyAt(collectedNanos)) {
        each.remove();
      }
    }
  }

  @GuardedBy("this")
  private SloReport judge() {
    List<SloReport.Model> judged = new ArrayList<>();
    for (Map.Entry<String, ModelWindows> model : models.entrySet()) {
      judged.add(
          new SloReport.Model(
              model.getKey(),
              loaded.contains(model.getKey()),
              model.getValue().judge(collectedNanos)));
    }
    return new SloReport(judged);
  }
}
