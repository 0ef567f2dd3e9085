// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.telemetry;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.lang.management.OperatingSystemMXBean;
import java.lang.management.RuntimeMXBean;
import java.util.List;
import java.util.function.LongSupplier;

/** What the process uses, under the names that Prometheus' own clients have made usual. */
final class ProcessFamilies {
  private static final double NANOS = 1e9;
  private static final double MILLIS = 1e3;

  private ProcessFamilies() {}

  static void write(MetricsText text, LongSupplier networkBufferBytes) {
    process(text);
    memory(text, networkBufferBytes);
    collections(text);
    text.gauge("jvm_threads_current", "Threads of the process that run Java.");
    text.sample(List.of(), ManagementFactory.getThreadMXBean().getThreadCount());
  }

  private static void process(MetricsText text) {
    OperatingSystemMXBean system = ManagementFactory.getOperatingSystemMXBean();
    if (system instanceof UnixOperatingSystemMXBean unix) {
      text.counter("process_cpu_seconds_total", "Processor time used.");
      text.sample(List.of(), unix.getProcessCpuTime() / NANOS);
      text.gauge("process_open_fds", "Open file descriptors.");
      text.sample(List.of(), unix.getOpenFileDescriptorCount());
      text.gauge("process_max_fds", "The most file descriptors it may open.");
      text.sample(List.of(), unix.getMaxFileDescriptorCount());
    }
    RuntimeMXBean runtime = ManagementFactory.getRuntimeMXBean();
    text.gauge("process_start_time_seconds", "When it started, since the epoch.");
    text.sample(List.of(), runtime.getStartTime() / MILLIS);
    text.gauge("sluice_uptime_seconds", "How long the process has run.");
    text.sample(List.of(), runtime.getUptime() / MILLIS);
  }

  private static void memory(MetricsText text, LongSupplier networkBufferBytes) {
    MemoryUsage heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
    MemoryUsage other = ManagementFactory.getMemoryMXBean().getNonHeapMemoryUsage();
    text.gauge("jvm_memory_used_bytes", "Memory of the Java machine in use.");
    text.sample(List.of("area", "heap"), heap.getUsed());
    text.sample(List.of("area", "nonheap"), other.getUsed());
    text.gauge("jvm_memory_max_bytes", "The most heap there may be; -1 for no bound.");
    text.sample(List.of("area", "heap"), heap.getMax());
    text.gauge("jvm_buffer_pool_used_bytes", "Memory in buffers outside of the heap.");
    for (BufferPoolMXBean pool : ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class)) {
      text.sample(List.of("pool", pool.getName()), pool.getMemoryUsed());
    }
    text.gauge("sluice_network_buffer_bytes", "Memory that the network code holds in buffers.");
    text.sample(List.of(), networkBufferBytes.getAsLong());
  }

  private static void collections(MetricsText text) {
    List<GarbageCollectorMXBean> collectors = ManagementFactory.getGarbageCollectorMXBeans();
    text.counter("jvm_gc_collections_total", "Garbage collections.");
    collectors.forEach(gc -> text.sample(List.of("gc", gc.getName()), gc.getCollectionCount()));
    text.counter("jvm_gc_collection_seconds_total", "Time spent in garbage collections.");
    collectors.forEach(
        gc -> text.sample(List.of("gc", gc.getName()), gc.getCollectionTime() / MILLIS));
  }
}
