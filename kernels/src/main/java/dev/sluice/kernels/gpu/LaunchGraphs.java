// SPDX-License-Identifier: Apache-2.0
package dev.sluice.kernels.gpu;

import dev.sluice.kernels.launch.Launch;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * One stream's graphs, one for each size of batch: told to the card when a size comes for the first
 * time, done with one call from then on. The one unused for longest makes room for a new one. For
 * one thread at a time.
 *
 * <p>Launches of a graph keep their addresses and their number of blocks; what a batch really
 * holds, kernels read from device memory. So a graph stays right for as long as the buffers it was
 * made for.
 *
 * @param <K> names a size; launches of equal sizes must be equal
 */
public final class LaunchGraphs<K> implements AutoCloseable {
  private final GpuStream stream;
  private final int most;
  private final Function<K, List<Launch>> launches;
  private final LinkedHashMap<K, GpuGraph> graphs = new LinkedHashMap<>(16, 0.75f, true);

  /**
   * @param most how many are kept; each takes device memory of the driver's, outside of any budget
   */
  public LaunchGraphs(GpuStream stream, int most, Function<K, List<Launch>> launches) {
    if (most < 1) {
      throw new IllegalArgumentException("at least one graph must be kept, not " + most);
    }
    this.stream = stream;
    this.most = most;
    this.launches = launches;
  }

  /** Gives the stream the launches for that size. */
  public void launch(K size) {
    GpuGraph graph = graphs.get(size);
    if (graph == null) {
      makeRoom();
      graph = stream.capture("for " + size, launches.apply(size));
      graphs.put(size, graph);
    }
    stream.launch(graph);
  }

  public int count() {
    return graphs.size();
  }

  private void makeRoom() {
    if (graphs.size() == most) {
      Map.Entry<K, GpuGraph> oldest = graphs.firstEntry();
      graphs.remove(oldest.getKey());
      oldest.getValue().close();
    }
  }

  @Override
  public void close() {
    graphs.values().forEach(GpuGraph::close);
    graphs.clear();
  }
}
