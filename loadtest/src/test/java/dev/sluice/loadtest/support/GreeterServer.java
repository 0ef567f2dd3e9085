// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.support;

import com.google.protobuf.Descriptors;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.sluice.loadtest.descriptor.ProtoFiles;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/**
 * A real server with a call of each kind, described by {@code greeter.proto}; health and reflection
 * beside it. A greeting with the name {@code fail} is refused, one with {@code hang} never
 * answered.
 */
public final class GreeterServer implements AutoCloseable {
  private static final Metadata.Key<String> SEEN =
      Metadata.Key.of("tenant", Metadata.ASCII_STRING_MARSHALLER);
  private static final Metadata.Key<String> TIMEOUT =
      Metadata.Key.of("grpc-timeout", Metadata.ASCII_STRING_MARSHALLER);

  private static final int SLOW_MILLIS = 40;

  private final ScheduledExecutorService later = Executors.newSingleThreadScheduledExecutor();
  private final Server server;

  /** Names in the order in which they arrived. */
  public final Queue<String> names = new ConcurrentLinkedQueue<>();

  /** The metadata {@code tenant} of calls. */
  public final Queue<String> tenants = new ConcurrentLinkedQueue<>();

  public final Queue<String> timeouts = new ConcurrentLinkedQueue<>();

  public GreeterServer() throws IOException {
    this(builder -> builder);
  }

  public GreeterServer(UnaryOperator<NettyServerBuilder> with) throws IOException {
    server =
        with.apply(
                NettyServerBuilder.forAddress(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)))
            .addService(service())
            .addService(new HealthStatusManager().getHealthService())
            .addService(ProtoReflectionServiceV1.newInstance())
            .intercept(new Watch())
            .build()
            .start();
  }

  public static Path proto() {
    try {
      return Path.of(
          Objects.requireNonNull(GreeterServer.class.getResource("greeter.proto")).toURI());
    } catch (URISyntaxException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  public static FileDescriptor file() {
    return ProtoFiles.load(proto(), List.of()).getFirst();
  }

  public int port() {
    return server.getPort();
  }

  public String host() {
    return "127.0.0.1:" + port();
  }

  @Override
  public void close() {
    server.shutdownNow();
    later.shutdownNow();
    try {
      server.awaitTermination();
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  private ServerServiceDefinition service() {
    return ServerServiceDefinition.builder("greet.Greeter")
        .addMethod(method("Hello", MethodType.UNARY), ServerCalls.asyncUnaryCall(this::hello))
        .addMethod(
            method("Collect", MethodType.CLIENT_STREAMING),
            ServerCalls.asyncClientStreamingCall(Collector::new))
        .addMethod(
            method("Expand", MethodType.SERVER_STREAMING),
            ServerCalls.asyncServerStreamingCall(this::expand))
        .addMethod(
            method("Chat", MethodType.BIDI_STREAMING),
            ServerCalls.asyncBidiStreamingCall(Chatter::new))
        .build();
  }

  private void hello(DynamicMessage greeting, StreamObserver<DynamicMessage> answers) {
    String name = name(greeting);
    names.add(name);
    switch (name) {
      case "fail" ->
          answers.onError(Status.INVALID_ARGUMENT.withDescription("no such name").asException());
      case "hang" -> {
        // The caller gives up.
      }
      case "slow" -> {
        var unused =
            later.schedule(
                () -> {
                  answers.onNext(reply("Hello", 1));
                  answers.onCompleted();
                },
                SLOW_MILLIS,
                TimeUnit.MILLISECONDS);
      }
      default -> {
        answers.onNext(reply("Hello " + name, 1));
        answers.onCompleted();
      }
    }
  }

  private void expand(DynamicMessage greeting, StreamObserver<DynamicMessage> answers) {
    names.add(name(greeting));
    for (int i = 0; i < count(greeting); i++) {
      answers.onNext(reply("Hello", i));
    }
    answers.onCompleted();
  }

  private static MethodDescriptor<DynamicMessage, DynamicMessage> method(
      String name, MethodType type) {
    return MethodDescriptor.newBuilder(marshaller("Greeting"), marshaller("Reply"))
        .setFullMethodName("greet.Greeter/" + name)
        .setType(type)
        .build();
  }

  private static MethodDescriptor.Marshaller<DynamicMessage> marshaller(String type) {
    Descriptors.Descriptor descriptor = file().findMessageTypeByName(type);
    return new MethodDescriptor.Marshaller<>() {
      @Override
      public InputStream stream(DynamicMessage message) {
        return new ByteArrayInputStream(message.toByteArray());
      }

      @Override
      public DynamicMessage parse(InputStream stream) {
        try {
          return DynamicMessage.parseFrom(descriptor, stream);
        } catch (InvalidProtocolBufferException e) {
          throw Status.INTERNAL.withDescription("no message").asRuntimeException();
        } catch (IOException e) {
          throw new IllegalStateException(e);
        }
      }
    };
  }

  private static String name(DynamicMessage greeting) {
    return (String) greeting.getField(greeting.getDescriptorForType().findFieldByName("name"));
  }

  private static int count(DynamicMessage greeting) {
    return (Integer) greeting.getField(greeting.getDescriptorForType().findFieldByName("count"));
  }

  private static DynamicMessage reply(String message, int count) {
    Descriptors.Descriptor type = file().findMessageTypeByName("Reply");
    return DynamicMessage.newBuilder(type)
        .setField(type.findFieldByName("message"), message)
        .setField(type.findFieldByName("count"), count)
        .build();
  }

  /** Answers once with how many came. */
  private final class Collector implements StreamObserver<DynamicMessage> {
    private final StreamObserver<DynamicMessage> answers;
    private int came;

    Collector(StreamObserver<DynamicMessage> answers) {
      this.answers = answers;
    }

    @Override
    public void onNext(DynamicMessage greeting) {
      names.add(name(greeting));
      came++;
    }

    @Override
    public void onError(Throwable gone) {}

    @Override
    public void onCompleted() {
      answers.onNext(reply("collected", came));
      answers.onCompleted();
    }
  }

  /** Answers each. */
  private final class Chatter implements StreamObserver<DynamicMessage> {
    private final StreamObserver<DynamicMessage> answers;

    Chatter(StreamObserver<DynamicMessage> answers) {
      this.answers = answers;
    }

    @Override
    public void onNext(DynamicMessage greeting) {
      names.add(name(greeting));
      answers.onNext(reply("Hello " + name(greeting), 1));
    }

    @Override
    public void onError(Throwable gone) {}

    @Override
    public void onCompleted() {
      answers.onCompleted();
    }
  }

  private final class Watch implements ServerInterceptor {
    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
        ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
      String tenant = headers.get(SEEN);
      if (tenant != null) {
        tenants.add(tenant);
      }
      String timeout = headers.get(TIMEOUT);
      if (timeout != null) {
        timeouts.add(timeout);
      }
      return next.startCall(call, headers);
    }
  }
}
