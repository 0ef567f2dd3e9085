// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.command;

import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import dev.sluice.loadtest.call.CallMetadata;
import dev.sluice.loadtest.descriptor.Methods;
import dev.sluice.loadtest.descriptor.ProtoFiles;
import dev.sluice.loadtest.descriptor.Protoset;
import dev.sluice.loadtest.descriptor.Reflection;
import dev.sluice.loadtest.ghz.Method;
import dev.sluice.loadtest.ghz.Options;
import io.grpc.Channel;
import java.util.List;
import java.util.Optional;

/** Finds the method that is called: in files if any were named, so that the server is not asked. */
public final class Described {
  private Described() {}

  public static Optional<MethodDescriptor> fromFiles(Method method) {
    Optional<List<FileDescriptor>> files =
        method
            .proto()
            .map(proto -> ProtoFiles.load(proto, method.importPaths()))
            .or(() -> method.protoset().map(Protoset::load));
    return files.map(found -> Methods.find(found, method.call()));
  }

  public static MethodDescriptor byServer(Channel channel, Options options) {
    Method method = options.method();
    List<FileDescriptor> files =
        Reflection.load(
            channel,
            method.call(),
            CallMetadata.fixed(method.reflectMetadata()),
            options.wire().connectTimeout());
    return Methods.find(files, method.call());
  }
}
