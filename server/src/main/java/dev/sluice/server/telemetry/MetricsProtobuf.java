// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.telemetry;

import dev.sluice.proto.prometheus.Bucket;
import dev.sluice.proto.prometheus.Histogram;
import dev.sluice.proto.prometheus.LabelPair;
import dev.sluice.proto.prometheus.Metric;
import dev.sluice.proto.prometheus.MetricFamily;
import dev.sluice.proto.prometheus.MetricType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;

/**
 * Writes metrics as Prometheus' protobuf messages, each behind its length: the only format that
 * carries native histograms. Used by one thread.
 */
final class MetricsProtobuf implements MetricsWriter {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream(1 << 16);
  private MetricFamily.Builder family = MetricFamily.newBuilder();

  @Override
  public void counter(String name, String help) {
    begin(name, help, MetricType.COUNTER);
  }

  @Override
  public void gauge(String name, String help) {
    begin(name, help, MetricType.GAUGE);
  }

  @Override
  public void histogram(String name, String help) {
    begin(name, help, MetricType.HISTOGRAM);
  }

  private void begin(String name, String help, MetricType type) {
    flush();
    family = MetricFamily.newBuilder().setName(name).setHelp(help).setType(type);
  }

  @Override
  public void sample(List<String> labels, long value) {
    sample(labels, (double) value);
  }

  @Override
  public void sample(List<String> labels, double value) {
    Metric.Builder metric = metric(labels);
    if (family.getType() == MetricType.COUNTER) {
      metric.getCounterBuilder().setValue(value);
    } else {
      metric.getGaugeBuilder().setValue(value);
    }
  }

  @Override
  public void sample(List<String> labels, Distribution distribution) {
    Histogram.Builder histogram = metric(labels).getHistogramBuilder();
    histogram.setSampleCount(distribution.count()).setSampleSum(distribution.sum());
    for (Distribution.Bound bound : distribution.classic()) {
      histogram.addBucket(
          Bucket.newBuilder().setCumulativeCount(bound.count()).setUpperBound(bound.bound()));
    }
    distribution.exact().write(histogram);
  }

  private Metric.Builder metric(List<String> labels) {
    Metric.Builder metric = family.addMetricBuilder();
    for (int i = 0; i < labels.size(); i += 2) {
      metric.addLabel(LabelPair.newBuilder().setName(labels.get(i)).setValue(labels.get(i + 1)));
    }
    return metric;
  }

  /** Prometheus refuses a family without samples. */
  private void flush() {
    if (family.getMetricCount() == 0) {
      return;
    }
    try {
      family.build().writeDelimitedTo(out);
    } catch (IOException impossible) {
      throw new IllegalStateException("memory does not fail", impossible);
    }
  }

  @Override
  public byte[] end() {
    flush();
    return out.toByteArray();
  }
}
