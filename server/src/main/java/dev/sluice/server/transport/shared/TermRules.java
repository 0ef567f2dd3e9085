// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.shared;

import dev.sluice.batching.Call;
import dev.sluice.batching.Criticality;
import dev.sluice.batching.NanoClock;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** What may be said of a call beside its content, whichever way it came. */
public final class TermRules {
  /** Clients without a wish send absurd deadlines, such as 292 years; those mean none. */
  private static final long LONGEST_WAIT_NANOS = TimeUnit.DAYS.toNanos(30);

  private static final Pattern TENANT = Pattern.compile("[A-Za-z0-9._-]{0,64}");

  private TermRules() {}

  /** The moment so far from now, on the clock; {@link Call#NO_DEADLINE} if it is absurdly far. */
  public static long deadline(long waitNanos, NanoClock clock) {
    return waitNanos > LONGEST_WAIT_NANOS ? Call.NO_DEADLINE : clock.nanoTime() + waitNanos;
  }

  /** The earlier of two deadlines of one clock, of which either may be none. */
  static long earlier(long one, long other) {
    if (one == Call.NO_DEADLINE || other == Call.NO_DEADLINE) {
      return one == Call.NO_DEADLINE ? other : one;
    }
    return one - other < 0 ? one : other;
  }

  /**
   * @param field what holds the tenant, for the message
   */
  public static String tenant(String field, String tenant) {
    if (!tenant.isEmpty() && !TENANT.matcher(tenant).matches()) {
      throw Refusals.invalid(
          field,
          "must be at most 64 letters, digits, '.', '_' and '-', not " + Refusals.quote(tenant));
    }
    return tenant;
  }

  /**
   * @param field what holds the text, for the message
   * @param text empty for the default
   */
  public static Criticality criticality(String field, String text) {
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
                    field,
                    "must be critical-plus, critical, sheddable-plus or sheddable, not "
                        + Refusals.quote(text)));
  }
}
