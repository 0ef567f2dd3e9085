// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.corpus;

import dev.sluice.loadtest.ghz.Inference;
import dev.sluice.loadtest.run.RunException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.IntSupplier;
import java.util.random.RandomGenerator;

/** Draws lengths. */
public final class LengthDraw {
  private static final int LONGEST = 100_000;
  private static final long MOST_COUNT = 1_000_000_000_000L;

  private LengthDraw() {}

  /**
   * @throws RunException if a file of lengths cannot be used
   */
  public static IntSupplier of(Inference.Lengths lengths, RandomGenerator random) {
    return switch (lengths) {
      case Inference.Constant constant -> constant::length;
      case Inference.Uniform uniform -> () -> random.nextInt(uniform.least(), uniform.most() + 1);
      case Inference.LogNormal log ->
          () -> {
            double drawn = log.median() * Math.exp(log.sigma() * random.nextGaussian());
            return (int) Math.max(1, Math.min(log.most(), Math.round(drawn)));
          };
      case Inference.Recorded recorded -> {
        NavigableMap<Long, Integer> upTo = read(recorded.file());
        long all = upTo.lastKey();
        yield () -> {
          Map.Entry<Long, Integer> drawn = upTo.higherEntry(random.nextLong(all));
          return drawn == null ? 1 : drawn.getValue();
        };
      }
    };
  }

  /** Lengths by how many there are of them and of those before. */
  private static NavigableMap<Long, Integer> read(Path file) {
    NavigableMap<Long, Integer> upTo = new TreeMap<>();
    long sum = 0;
    long line = 0;
    try (BufferedReader reader = Files.newBufferedReader(file)) {
      for (String text = reader.readLine(); text != null; text = reader.readLine()) {
        line++;
        String[] parts = text.strip().split("[,\\s]+", -1);
        if (text.isBlank() || text.startsWith("#")) {
          continue;
        }
        long length = parts.length == 2 ? number(parts[0]) : -1;
        long count = parts.length == 2 ? number(parts[1]) : -1;
        if (length < 1 || length > LONGEST || count < 0 || sum + count > MOST_COUNT) {
          throw new RunException(
              "lengths: " + file + ": line " + line + " wants a length (1 to 100000) and a count");
        }
        sum += count;
        if (count > 0) {
          upTo.put(sum, (int) length);
        }
      }
    } catch (IOException e) {
      throw new RunException("lengths: " + file + " cannot be read");
    }
    if (sum == 0) {
      throw new RunException("lengths: " + file + " has no lengths");
    }
    return upTo;
  }

  private static long number(String text) {
    return text.matches("\\d{1,12}") ? Long.parseLong(text) : -1;
  }
}
