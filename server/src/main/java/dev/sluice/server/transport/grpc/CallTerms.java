// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.grpc;

import dev.sluice.batching.Call;
import dev.sluice.batching.Criticality;
import dev.sluice.batching.NanoClock;
import dev.sluice.server.core.CallContext;
import dev.sluice.server.transport.shared.Refusals;
import io.grpc.Context;
import io.grpc.Deadline;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The {@link CallContext} of the call that is being handled on this thread. */
final class CallTerms {
  /** Clients without a wish send absurd deadlines, such as 292 years; those mean none. */
  private static final long LONGEST_WAIT_NANOS = TimeUnit.DAYS.toNanos(30);

  private static final Pattern TENANT = Pattern.compile("[A-Za-z0-9._-]{0,64}");

  private final NanoClock clock;

  CallTerms(NanoClock clock) {
    this.clock = clock;
  }

  /**
   * @param timeoutNanos what the request itself says; 0 for nothing
   * @param criticality what the request itself says, which goes before metadata
   * @param tenant what the request itself says, which goes before metadata; else empty
   */
  CallContext context(long timeoutNanos, @Nullable Criticality criticality, String tenant) {
    CallHeaders headers = CallHeaders.current();
    String payer =
        tenant.isEmpty()
            ? checkTenant("metadata sluice-tenant", headers.tenant())
            : checkTenant("tenant", tenant);
    Criticality level = criticality == null ? criticality(headers.criticality()) : criticality;
    return new CallContext(deadline(timeoutNanos), level, payer);
  }

  private long deadline(long timeoutNanos) {
    long wait = timeoutNanos > 0 ? timeoutNanos : Long.MAX_VALUE;
    Deadline deadline = Context.current().getDeadline();
    if (deadline != null) {
      wait = Math.min(wait, deadline.timeRemaining(TimeUnit.NANOSECONDS));
    }
    return wait > LONGEST_WAIT_NANOS ? Call.NO_DEADLINE : clock.nanoTime() + wait;
  }

  private static String checkTenant(String field, String tenant) {
    if (!TENANT.matcher(tenant).matches()) {
      throw Refusals.invalid(
          field,
          "must be at most 64 letters, digits, '.', '_' and '-', not " + Refusals.quote(tenant));
    }
    return tenant;
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
                    "metadata sluice-criticality",
                    "must be critical-plus, critical, sheddable-plus or sheddable, not "
                        + Refusals.quote(text)));
  }
}
