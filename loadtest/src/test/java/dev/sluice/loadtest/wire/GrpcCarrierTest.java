// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.sluice.loadtest.command.Plans;
import dev.sluice.loadtest.ghz.Options;
import dev.sluice.loadtest.load.Loops;
import dev.sluice.loadtest.result.RunResult;
import dev.sluice.loadtest.run.Carrier;
import dev.sluice.loadtest.run.Fleet;
import dev.sluice.loadtest.run.LoadRun;
import dev.sluice.loadtest.run.Loop;
import dev.sluice.loadtest.run.PreparedCall;
import dev.sluice.loadtest.run.ReportingThread;
import dev.sluice.loadtest.run.Rpc;
import dev.sluice.loadtest.run.RunLabels;
import dev.sluice.loadtest.run.RunListener;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.NameResolver;
import io.grpc.NameResolverProvider;
import io.grpc.NameResolverRegistry;
import io.grpc.netty.NettyChannelBuilder;
import java.net.URI;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Calls whose connection is not there and never comes, as while a server that died is looked for.
 */
final class GrpcCarrierTest {
  private final NameResolverProvider nowhere = new Nowhere();
  private Loops loops;
  private NettyLoop loop;
  private ManagedChannel channel;

  @BeforeEach
  void start() {
    NameResolverRegistry.getDefaultRegistry().register(nowhere);
    loops = Loops.start(1);
    loop = new NettyLoop(loops.group().next(), System::nanoTime, () -> 0);
    channel =
        NettyChannelBuilder.forTarget("nowhere:///x")
            .usePlaintext()
            .eventLoopGroup(loop.eventLoop())
            .channelType(loops.channelType())
            .directExecutor()
            .build();
  }

  @AfterEach
  void stop() {
    channel.shutdownNow();
    loops.close();
    NameResolverRegistry.getDefaultRegistry().deregister(nowhere);
  }

  @Test
  void callsThatWaitForAConnectionEndWithTheRun() throws Exception {
    RunResult result = run("--duration=10ms", "--concurrency=5");

    assertThat(result.errors())
        .isEqualTo(
            Map.of("rpc error: code = Canceled desc = grpc: the client connection is closing", 5L));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 5})
  void callsThatWaitForAConnectionEndWithTheirTimeout(int workers) throws Exception {
    RunResult result = run("--total=15", "--concurrency=" + workers, "--timeout=1ms");

    assertThat(result.statuses()).isEqualTo(Map.of("DeadlineExceeded", 15L));
  }

  private RunResult run(String... flags) throws Exception {
    List<String> args = new ArrayList<>(List.of("--call=a.B/C", "host:1"));
    args.addAll(List.of(flags));
    Options options = Options.read(args, 1);
    Rpc rpc = Rpc.of("a.B/C", MethodType.UNARY);
    try (ReportingThread reporter = ReportingThread.start()) {
      LoadRun.Reporting reporting =
          new LoadRun.Reporting(
              RunLabels.NONE, InstantSource.system(), reporter, null, RunListener.NONE);
      return new LoadRun(
              Plans.of(options),
              new OneLoop(options),
              number ->
                  (worker, call) -> PreparedCall.of(rpc, new Metadata(), List.of(ByteString.EMPTY)),
              reporting)
          .start()
          .get(1, TimeUnit.MINUTES);
    }
  }

  private final class OneLoop implements Fleet {
    private final Options options;

    OneLoop(Options options) {
      this.options = options;
    }

    @Override
    public List<Loop> loops() {
      return List.of(loop);
    }

    @Override
    public int connections() {
      return 1;
    }

    @Override
    public Carrier carrier(int number) {
      GrpcCarrier.Terms terms =
          new GrpcCarrier.Terms(
              CallOptions.DEFAULT,
              options.payload().streaming(),
              options.load().timeout().toNanos());
      return new GrpcCarrier(loop, List.<Channel>of(channel), terms);
    }
  }

  /** Never finds an address. */
  private static final class Nowhere extends NameResolverProvider {
    @Override
    protected boolean isAvailable() {
      return true;
    }

    @Override
    protected int priority() {
      return 5;
    }

    @Override
    public String getDefaultScheme() {
      return "nowhere";
    }

    @Override
    public NameResolver newNameResolver(URI target, NameResolver.Args args) {
      return new NameResolver() {
        @Override
        public String getServiceAuthority() {
          return "nowhere";
        }

        @Override
        public void start(Listener2 listener) {
          // Tells nothing.
        }

        @Override
        public void shutdown() {
          // Has nothing.
        }
      };
    }
  }
}
