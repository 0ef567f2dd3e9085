// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.call;

import dev.sluice.loadtest.call.Functions.Function;
import java.util.Map;
import java.util.UUID;
import java.util.random.RandomGenerator;

/** Values out of a generator: with the same seed the same ones. */
final class RandomFunctions {
  private static final String DIGITS = "0123456789";
  private static final String LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
  private static final int LONGEST = 1 << 24;

  private RandomFunctions() {}

  static void addTo(Map<String, Function> all, RandomGenerator random) {
    all.put("newUUID", args -> uuid(random));
    all.put("uuidv4", args -> uuid(random));
    all.put("randomString", args -> string(random, LETTERS + DIGITS, length(random, args.get(0))));
    all.put("randomInt", args -> number(random, args.get(0), args.get(1)));
    all.put("randAlphaNum", args -> string(random, LETTERS + DIGITS, Functions.whole(args.get(0))));
    all.put("randAlpha", args -> string(random, LETTERS, Functions.whole(args.get(0))));
    all.put("randNumeric", args -> string(random, DIGITS, Functions.whole(args.get(0))));
  }

  /** Version 4. */
  static String uuid(RandomGenerator random) {
    long high = (random.nextLong() & ~0xF000L) | 0x4000L;
    long low = (random.nextLong() & (-1L >>> 2)) | Long.MIN_VALUE;
    return new UUID(high, low).toString();
  }

  private static long length(RandomGenerator random, Object wanted) {
    long length = Functions.whole(wanted);
    return length > 0 ? length : random.nextInt(2, 17);
  }

  private static String string(RandomGenerator random, String alphabet, long length) {
    if (length < 0 || length > LONGEST) {
      throw new IllegalArgumentException("wants a length from 0 to " + LONGEST);
    }
    StringBuilder made = new StringBuilder((int) length);
    for (int i = 0; i < length; i++) {
      made.append(alphabet.charAt(random.nextInt(alphabet.length())));
    }
    return made.toString();
  }

  /** A negative least is 0 and a most below 1 is 1, as in ghz. */
  private static Long number(RandomGenerator random, Object least, Object most) {
    long from = Math.max(0, Functions.whole(least));
    long to = Functions.whole(most) <= 0 ? 1 : Functions.whole(most);
    if (from >= to) {
      throw new IllegalArgumentException("wants a minimum below the maximum");
    }
    return random.nextLong(from, to);
  }
}
