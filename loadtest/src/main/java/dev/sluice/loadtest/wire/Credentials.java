// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.wire;

import dev.sluice.loadtest.ghz.Security;
import dev.sluice.loadtest.run.RunException;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.net.ssl.SSLException;

/** Whom connections trust, and who they are. */
final class Credentials {
  private Credentials() {}

  /**
   * @throws RunException naming the file that cannot be used
   */
  static void apply(Security security, NettyChannelBuilder builder) {
    String authority = security.cname().isEmpty() ? security.authority() : security.cname();
    if (!authority.isEmpty()) {
      try {
        builder.overrideAuthority(authority);
      } catch (IllegalArgumentException e) {
        String flag = security.cname().isEmpty() ? "authority" : "cname";
        throw new RunException(flag + ": '" + authority + "' is no name of a server");
      }
    }
    if (security.insecure()) {
      builder.usePlaintext();
    } else {
      SslContext context = context(security, GrpcSslContexts.forClient());
      builder.useTransportSecurity().sslContext(context);
    }
  }

  /**
   * @throws RunException naming the file that cannot be used
   */
  static SslContext forHttp(Security security) {
    SslContextBuilder builder = SslContextBuilder.forClient();
    if (security.skipTls()) {
      builder.endpointIdentificationAlgorithm("");
    }
    return context(security, builder);
  }

  private static SslContext context(Security security, SslContextBuilder context) {
    if (security.skipTls()) {
      context.trustManager(InsecureTrustManagerFactory.INSTANCE);
    } else if (security.cacert().isPresent()) {
      Path file = readable("cacert", security.cacert().get());
      try {
        context.trustManager(file.toFile());
      } catch (IllegalArgumentException e) {
        throw new RunException("cacert: " + file + " has no certificate (PEM)");
      }
    }
    if (security.cert().isPresent() && security.key().isPresent()) {
      Path cert = readable("cert", security.cert().get());
      Path key = readable("key", security.key().get());
      try {
        context.keyManager(cert.toFile(), key.toFile());
      } catch (IllegalArgumentException e) {
        throw new RunException(
            "cert, key: "
                + cert
                + " and "
                + key
                + " are no certificate (PEM) and its key (PKCS #8)");
      }
    }
    try {
      return context.build();
    } catch (SSLException e) {
      throw new RunException("TLS: " + Reasons.of(e));
    }
  }

  private static Path readable(String flag, Path file) {
    if (!Files.isReadable(file) || Files.isDirectory(file)) {
      throw new RunException(flag + ": " + file + " cannot be read");
    }
    return file;
  }
}
