// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.tracing;

import dev.sluice.server.core.RequestHead;
import io.opentelemetry.context.propagation.TextMapGetter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Lets a propagator read the headers of a request. */
enum HeaderGetter implements TextMapGetter<RequestHead> {
  GETTER;

  @Override
  public Iterable<String> keys(RequestHead head) {
    return List.of();
  }

  @Override
  public @Nullable String get(@Nullable RequestHead head, String key) {
    return head == null ? null : head.header(key);
  }
}
