// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.core;

import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * A request as its transport sees it before anything is read. All of it comes from the client and
 * may be hostile. Asked after the request has ended, by another thread, so it must not change.
 */
public interface RequestHead {
  /** How requests come in. */
  enum Protocol {
    GRPC,
    HTTP
  }

  Protocol protocol();

  /** The verb of HTTP; {@code package.Service/Method} of gRPC. */
  String method();

  /** The path of HTTP, without the query; empty for gRPC. */
  String path();

  /** Null where it is not known. */
  @Nullable SocketAddress peer();

  /** All values under that name, in lower case, joined by commas; null for none. */
  @Nullable String header(String name);
}
