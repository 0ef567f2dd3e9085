// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.http.api;

import dev.sluice.batching.Call;
import dev.sluice.batching.Criticality;
import dev.sluice.batching.NanoClock;
import dev.sluice.server.core.CallContext;
import dev.sluice.server.transport.shared.Refusals;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The {@link CallContext} of a request, from its headers and from what it says itself. */
final class Terms {
  private static final long LONGEST_WAIT_NANOS = TimeUnit.DAYS.toNanos(30);
  private static final Pattern TENANT = Pattern.compile("[A-Za-z0-9._-]{0,64}");

  private final NanoClock clock;

  Terms(NanoClock clock) {
    this.clock = clock;
  }

  /**
   * @param timeoutNanos 0 for none
   * @param criticality what the body says, which goes before the header
   */
  CallContext context(ApiRequest request, long timeoutNanos, @Nullable Criticality criticality) {
    String tenant = request.header("sluice-tenant");
    if (!TENANT.matcher(tenant).matches()) {
      throw Refusals.invalid(
          "header sluice-tenant",
          "must be at most 64 letters, digits, '.', '_' and '-', not " + Refusals.quote(tenant));
    }
    boolean forever = timeoutNanos == 0 || timeoutNanos > LONGEST_WAIT_NANOS;
    return new CallContext(
        forever ? Call.NO_DEADLINE : clock.nanoTime() + timeoutNanos,
        criticality == null ? criticality(request.header("sluice-criticality")) : criticality,
        tenant);
  }

  private static Criticality criticality(String text) {
    if (text.isEmpty()) {
      return Criticality.CRITICAL;
    }
    String name = text.toUpperCase(Locale.ROOT).replace('-', '_');
    return Arrays.stream(Criticality.values())
        .filter(level -> level.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                Refusals.invalid(
                    "header sluice-criticality",
                    "must be critical-plus, critical, sheddable-plus or sheddable, not "
                        + Refusals.quote(text)));
  }
}
