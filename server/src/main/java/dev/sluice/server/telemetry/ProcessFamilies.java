// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.telemetry;

import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.lang.management.OperatingSystemMXBean;
import java.lang.management.RuntimeMXBean;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/** What the process uses, under the names that Prometheus' own clients have made usual. */
final class ProcessFamilies {
  private static final double NANOS = 1e9;
  private static final double MILLIS = 1e3;

  private ProcessFamilies() {}

  static void write(MetricsWriter metrics, LongSupplier networkBufferBytes) {
    process(metrics);
    memory(metrics, networkBufferBytes);
    collections(metrics);
    threads(metrics);
    runtime(metrics);
  }

  private static void process(MetricsWriter metrics) {
    OperatingSystemMXBean system = ManagementFactory.getOperatingSystemMXBean();
    if (system instanceof UnixOperatingSystemMXBean unix) {
      metrics.counter("process_cpu_seconds_total", "Processor time used.");
      metrics.sample(List.of(), unix.getProcessCpuTime() / NANOS);
      metrics.gauge("process_open_fds", "Open file descriptors.");
      metrics.sample(List.of(), unix.getOpenFileDescriptorCount());
      metrics.gauge("process_max_fds", "The most file descriptors it may open.");
      metrics.sample(List.of(), unix.getMaxFileDescriptorCount());
    }
    residentBytes()
        .ifPresent(
            bytes -> {
              metrics.gauge(
                  "process_resident_memory_bytes", "Memory in use, that of engines included.");
              metrics.sample(List.of(), bytes);
            });
    metrics.gauge("sluice_available_processors", "Processors that the process may use.");
    metrics.sample(List.of(), (long) system.getAvailableProcessors());
    RuntimeMXBean runtime = ManagementFactory.getRuntimeMXBean();
    metrics.gauge("process_start_time_seconds", "When it started, since the epoch.");
    metrics.sample(List.of(), runtime.getStartTime() / MILLIS);
    metrics.gauge("sluice_uptime_seconds", "How long the process has run.");
    metrics.sample(List.of(), runtime.getUptime() / MILLIS);
  }

  private static void memory(MetricsWriter metrics, LongSupplier networkBufferBytes) {
    MemoryUsage heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
    MemoryUsage other = ManagementFactory.getMemoryMXBean().getNonHeapMemoryUsage();
    metrics.gauge("jvm_memory_used_bytes", "Memory of the Java machine in use.");
    metrics.sample(List.of("area", "heap"), heap.getUsed());
    metrics.sample(List.of("area", "nonheap"), other.getUsed());
    metrics.gauge("jvm_memory_committed_bytes", "Memory of the Java machine kept for use.");
    metrics.sample(List.of("area", "heap"), heap.getCommitted());
    metrics.sample(List.of("area", "nonheap"), other.getCommitted());
    metrics.gauge("jvm_memory_max_bytes", "The most heap there may be; -1 for no bound.");
    metrics.sample(List.of("area", "heap"), heap.getMax());
    metrics.gauge("jvm_buffer_pool_used_bytes", "Memory in buffers outside of the heap.");
    for (BufferPoolMXBean pool : ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class)) {
      metrics.sample(List.of("pool", pool.getName()), pool.getMemoryUsed());
    }
    metrics.gauge("sluice_network_buffer_bytes", "Memory that the network code holds in buffers.");
    metrics.sample(List.of(), networkBufferBytes.getAsLong());
  }

  private static void collections(MetricsWriter metrics) {
    List<GarbageCollectorMXBean> collectors = ManagementFactory.getGarbageCollectorMXBeans();
    metrics.counter("jvm_gc_collections_total", "Garbage collections.");
    collectors.forEach(gc -> metrics.sample(List.of("gc", gc.getName()), gc.getCollectionCount()));
    metrics.counter("jvm_gc_collection_seconds_total", "Time spent in garbage collections.");
    collectors.forEach(
        gc -> metrics.sample(List.of("gc", gc.getName()), gc.getCollectionTime() / MILLIS));
  }

  private static void threads(MetricsWriter metrics) {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    metrics.gauge("jvm_threads_current", "Threads of the process that run Java.");
    metrics.sample(List.of(), (long) threads.getThreadCount());
    metrics.gauge("jvm_threads_daemon", "Those of them that do not keep the process alive.");
    metrics.sample(List.of(), (long) threads.getDaemonThreadCount());
    metrics.gauge("jvm_threads_peak", "The most that there were at one time.");
    metrics.sample(List.of(), (long) threads.getPeakThreadCount());
  }

  private static void runtime(MetricsWriter metrics) {
    metrics.gauge("jvm_runtime_info", "Always 1; the labels say which Java machine runs.");
    metrics.sample(
        List.of(
            "version", Runtime.version().toString(),
            "vendor", System.getProperty("java.vm.vendor", ""),
            "runtime", System.getProperty("java.runtime.name", "")),
        1L);
  }

  /** The Java machine cannot say; Linux does. */
  private static OptionalLong residentBytes() {
    try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"))) {
      return lines
          .filter(line -> line.startsWith("VmRSS:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024)
          .findFirst();
    } catch (IOException | RuntimeException absent) {
      return OptionalLong.empty();
    }
  }
}
