// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.telemetry;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Every meter of a server. A meter lives as long as somebody has it registered, or another variant
 * of its version: a model that is reloaded goes on counting where it was, one that is unloaded is
 * gone from the next scrape.
 *
 * <p>Its lock guards the table of meters, never a recording.
 */
public final class Telemetry {
  private final LongSupplier epochMillis;
  private final Counts<Outcome> refusals = new Counts<>(Outcome.class);
  private final Counts<Limit> limitHits = new Counts<>(Limit.class);

  @GuardedBy("this")
  private final Map<ModelLabels, Entry> entries = new TreeMap<>();

  @GuardedBy("this")
  private long intervalStart;

  @GuardedBy("this")
  private long intervalEnd;

  private final long start;

  public Telemetry(LongSupplier epochMillis) {
    this.epochMillis = epochMillis;
    this.start = epochMillis.getAsLong();
    this.intervalStart = start;
    this.intervalEnd = start;
  }

  /** The meter of a model that is being loaded; the same one for the same labels. */
  public synchronized Registration register(ModelLabels labels) {
    Entry entry = entries.computeIfAbsent(labels, l -> new Entry(new ModelMeter(l, epochMillis)));
    entry.users++;
    return new Registration(entry.meter, labels);
  }

  private synchronized void release(ModelLabels labels) {
    Entry entry = entries.get(labels);
    if (entry != null) {
      entry.users--;
      Map<ModelLabels, Entry> version = versionOf(labels);
      if (version.values().stream().allMatch(variant -> variant.users == 0)) {
        entries.keySet().removeAll(version.keySet());
      }
    }
  }

  @GuardedBy("this")
  private Map<ModelLabels, Entry> versionOf(ModelLabels labels) {
    Map<ModelLabels, Entry> version = new TreeMap<>(entries);
    version.keySet().removeIf(other -> !other.sameVersion(labels));
    return version;
  }

  private synchronized List<ModelMeter> metersOfVersion(ModelLabels labels) {
    return versionOf(labels).values().stream().map(variant -> variant.meter).toList();
  }

  /** A request was refused outside of any model. */
  public void refused(Outcome outcome) {
    refusals.add(outcome, 1);
  }

  /** A limit that is not one model's was hit. */
  public void limitHit(Limit limit) {
    limitHits.add(limit, 1);
  }

  /** Ends the interval that the percentiles are over and begins the next. */
  public void turn() {
    meters().forEach(ModelMeter::turn);
    long now = epochMillis.getAsLong();
    synchronized (this) {
      intervalStart = intervalEnd;
      intervalEnd = now;
    }
  }

  public TelemetryReading read() {
    List<MeterReading> models = meters().stream().map(ModelMeter::read).toList();
    long now = epochMillis.getAsLong();
    synchronized (this) {
      return new TelemetryReading(
          models,
          refusals.read(),
          limitHits.read(),
          new TelemetryReading.Span(start, now),
          new TelemetryReading.Span(intervalStart, intervalEnd));
    }
  }

  /** Of the models that are loaded now, in the order of their labels. */
  public synchronized List<ModelMeter> meters() {
    List<ModelMeter> meters = new ArrayList<>();
    entries.values().forEach(entry -> meters.add(entry.meter));
    return meters;
  }

  /** Guarded by the lock of the telemetry. */
  private static final class Entry {
    private final ModelMeter meter;
    private int users;

    Entry(ModelMeter meter) {
      this.meter = meter;
    }
  }

  /** One user of a meter. Closing it more than once does nothing more. */
  public final class Registration implements AutoCloseable {
    private final ModelMeter meter;
    private final ModelLabels labels;
    private final long sinceMillis;

    @GuardedBy("this")
    private @Nullable Watched watched;

    @GuardedBy("this")
    private boolean closed;

    private Registration(ModelMeter meter, ModelLabels labels) {
      this.meter = meter;
      this.labels = labels;
      this.sinceMillis = epochMillis.getAsLong();
    }

    /** When this was registered, since the epoch. */
    public long sinceMillis() {
      return sinceMillis;
    }

    public ModelMeter meter() {
      return meter;
    }

    public ModelLabels labels() {
      return labels;
    }

    /** The meters of every variant of the version; once all are closed, this one alone. */
    public List<ModelMeter> ofVersion() {
      List<ModelMeter> all = metersOfVersion(labels);
      return all.contains(meter) ? all : List.of(meter);
    }

    /** Where to ask what waits and runs, until this is closed. Called once. */
    public synchronized void watch(Watched batcher) {
      watched = batcher;
      meter.watch(batcher);
    }

    @Override
    public void close() {
      synchronized (this) {
        if (closed) {
          return;
        }
        closed = true;
        if (watched != null) {
          meter.unwatch(watched);
        }
      }
      release(labels);
    }
  }
}
