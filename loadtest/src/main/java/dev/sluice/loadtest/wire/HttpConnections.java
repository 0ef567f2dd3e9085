// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.wire;

import dev.sluice.loadtest.ghz.Options;
import dev.sluice.loadtest.ghz.Wire;
import dev.sluice.loadtest.load.Loops;
import dev.sluice.loadtest.run.Carrier;
import dev.sluice.loadtest.run.Fleet;
import dev.sluice.loadtest.run.Loop;
import dev.sluice.loadtest.run.RunException;
import io.netty.channel.ChannelFuture;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * HTTP/1.1 to one server. A connection has one call at a time, so there are as many as calls under
 * way; some are made before the run, so that its first calls do not pay for connecting.
 */
public final class HttpConnections implements Fleet, AutoCloseable {
  private static final int MADE_BEFORE = 256;

  /** Each takes a descriptor of a file, of which a process has a few thousand. */
  private static final int MOST = 1_024;

  private final Loops group;
  private final List<NettyLoop> loops = new ArrayList<>();
  private final List<HttpPool> pools = new ArrayList<>();

  private HttpConnections(Loops group) {
    this.group = group;
  }

  /**
   * Connects.
   *
   * @param nanoTime the clock of the run
   * @param threadCpu processor time of the thread that asks
   * @throws RunException if the server cannot be reached in time
   */
  public static HttpConnections open(Options options, LongSupplier nanoTime, LongSupplier threadCpu)
      throws InterruptedException {
    return open(options, nanoTime, threadCpu, MOST);
  }

  /**
   * @param most connections of a loop; calls beyond wait for one
   */
  static HttpConnections open(
      Options options, LongSupplier nanoTime, LongSupplier threadCpu, int most)
      throws InterruptedException {
    Wire wire = options.wire();
    int count = Math.max(1, Math.min(wire.connections(), wire.cpus()));
    HttpTarget target = HttpTarget.of(options);
    HttpConnections connections = new HttpConnections(Loops.start(count));
    try {
      for (int i = 0; i < count; i++) {
        NettyLoop loop = new NettyLoop(connections.group.group().next(), nanoTime, threadCpu);
        connections.loops.add(loop);
        connections.pools.add(new HttpPool(loop, connections.group.channelType(), target, most));
      }
      connections.fill(
          options, Math.min(Math.min(MADE_BEFORE, most), options.load().concurrency()));
      return connections;
    } catch (RunException | InterruptedException | Error e) {
      connections.close();
      throw e;
    }
  }

  private void fill(Options options, int count) throws InterruptedException {
    List<ChannelFuture> opening = new ArrayList<>();
    for (int i = 0; i < Math.max(count, pools.size()); i++) {
      opening.add(pools.get(i % pools.size()).open());
    }
    for (int i = 0; i < opening.size(); i++) {
      ChannelFuture connected = opening.get(i);
      await(options, connected);
      SslHandler tls = connected.channel().pipeline().get(SslHandler.class);
      if (tls != null) {
        await(options, tls.handshakeFuture());
      }
      pools.get(i % pools.size()).giveFromElsewhere(connected.channel());
    }
  }

  private static void await(Options options, Future<?> done) throws InterruptedException {
    long millis = options.wire().connectTimeout().toMillis();
    if (!done.await(millis, TimeUnit.MILLISECONDS)) {
      throw new RunException("cannot connect to " + options.host() + " within " + millis + " ms");
    } else if (!done.isSuccess()) {
      throw new RunException(
          "cannot connect to " + options.host() + ": " + Reasons.of(done.cause()));
    }
  }

  @Override
  public List<Loop> loops() {
    return List.copyOf(loops);
  }

  @Override
  public int connections() {
    return loops.size();
  }

  @Override
  public Carrier carrier(int loop) {
    return new HttpCarrier(loops.get(loop), pools.get(loop));
  }

  @Override
  public void close() {
    pools.forEach(HttpPool::close);
    group.close();
  }
}
