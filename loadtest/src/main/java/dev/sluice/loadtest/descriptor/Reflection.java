// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.descriptor;

import com.google.protobuf.ByteString;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.reflection.v1.ErrorResponse;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.reflection.v1.ServiceResponse;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Asks a server what its services are: by version 1 of the protocol, and by v1alpha, whose messages
 * are the same, where the server does not know that. Each question has the whole timeout.
 */
public final class Reflection {
  private static final int MOST = 2000;
  private static final String SOURCE = "server reflection";
  private static final MethodDescriptor<ServerReflectionRequest, ServerReflectionResponse> V1 =
      ServerReflectionGrpc.getServerReflectionInfoMethod();
  private static final MethodDescriptor<ServerReflectionRequest, ServerReflectionResponse> V1ALPHA =
      V1.toBuilder()
          .setFullMethodName("grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo")
          .setSampledToLocalTracing(false)
          .build();

  private final Channel channel;
  private final Duration timeout;
  private MethodDescriptor<ServerReflectionRequest, ServerReflectionResponse> version = V1;

  private Reflection(Channel channel, Duration timeout) {
    this.channel = channel;
    this.timeout = timeout;
  }

  /** The files that describe the service of a call, linked. */
  public static List<FileDescriptor> load(
      Channel channel, String call, Metadata metadata, Duration timeout) {
    Channel told =
        ClientInterceptors.intercept(channel, MetadataUtils.newAttachHeadersInterceptor(metadata));
    return new Reflection(told, timeout).files(Methods.Name.parse(call).service());
  }

  private List<FileDescriptor> files(String service) {
    ServerReflectionResponse found =
        ask(ServerReflectionRequest.newBuilder().setFileContainingSymbol(service).build());
    if (found.hasErrorResponse()) {
      throw missing(service, found.getErrorResponse());
    }
    Map<String, FileDescriptorProto> files = new LinkedHashMap<>();
    Deque<String> wanted = new ArrayDeque<>();
    add(found, files, wanted);
    while (!wanted.isEmpty()) {
      String name = wanted.remove();
      if (!files.containsKey(name)) {
        ServerReflectionResponse answer =
            ask(ServerReflectionRequest.newBuilder().setFileByFilename(name).build());
        add(answer, files, wanted);
        if (!files.containsKey(name)) {
          throw new DescriptorException(SOURCE + ": the server does not have its file " + name);
        }
      }
    }
    return Linker.link(SOURCE, files);
  }

  private DescriptorException missing(String service, ErrorResponse error) {
    if (error.getErrorCode() != Status.Code.NOT_FOUND.value()) {
      return new DescriptorException(
          SOURCE + ": error " + error.getErrorCode() + " about service " + service);
    }
    ServerReflectionResponse all =
        ask(ServerReflectionRequest.newBuilder().setListServices("*").build());
    return Methods.unknownService(
        service,
        all.getListServicesResponse().getServiceList().stream()
            .map(ServiceResponse::getName)
            .toList());
  }

  private static void add(
      ServerReflectionResponse answer,
      Map<String, FileDescriptorProto> files,
      Deque<String> wanted) {
    for (ByteString bytes : answer.getFileDescriptorResponse().getFileDescriptorProtoList()) {
      FileDescriptorProto file;
      try {
        file = FileDescriptorProto.parseFrom(bytes);
      } catch (InvalidProtocolBufferException e) {
        throw new DescriptorException(SOURCE + ": the server sent a file that is no description");
      }
      if (files.size() >= MOST) {
        throw new DescriptorException(SOURCE + ": more than " + MOST + " files");
      }
      files.put(file.getName(), file);
      wanted.addAll(file.getDependencyList());
    }
  }

  private ServerReflectionResponse ask(ServerReflectionRequest question) {
    try {
      return askOnce(question);
    } catch (StatusRuntimeException e) {
      if (e.getStatus().getCode() != Status.Code.UNIMPLEMENTED) {
        throw new DescriptorException(SOURCE + ": " + oneLine(e.getStatus()));
      } else if (version == V1) {
        version = V1ALPHA;
        return ask(question);
      }
      throw new DescriptorException("server does not support the reflection API");
    }
  }

  private ServerReflectionResponse askOnce(ServerReflectionRequest question) {
    CallOptions options =
        CallOptions.DEFAULT.withDeadlineAfter(timeout.toNanos(), TimeUnit.NANOSECONDS);
    // As a server stream: one question, and whatever follows the first answer is of no interest.
    Iterator<ServerReflectionResponse> answers =
        ClientCalls.blockingServerStreamingCall(
            channel,
            version.toBuilder().setType(MethodDescriptor.MethodType.SERVER_STREAMING).build(),
            options,
            question);
    if (!answers.hasNext()) {
      throw new DescriptorException(SOURCE + ": the server did not answer");
    }
    ServerReflectionResponse first = answers.next();
    // To the end of the stream, so that it does not stay open.
    answers.forEachRemaining(more -> {});
    return first;
  }

  private static String oneLine(Status status) {
    String description = status.getDescription() == null ? "" : " " + status.getDescription();
    return (status.getCode() + description).replaceAll("\\s+", " ");
  }
}
