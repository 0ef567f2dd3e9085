// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.command;

import dev.sluice.loadtest.run.RunException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Recorded arrivals: in each line the milliseconds since the start of the recording, ascending.
 * What follows the number behind a comma or a blank is not read, nor are empty lines and those that
 * begin with {@code #}.
 */
final class TraceFile {
  private static final int MOST = 10_000_000;
  private static final double LATEST_MILLIS = 1e11;
  private static final double NANOS = 1e6;

  private TraceFile() {}

  /**
   * @throws RunException naming the line that does not fit
   */
  static long[] read(Path file) {
    long[] due = new long[1024];
    int size = 0;
    long line = 0;
    try (BufferedReader reader = Files.newBufferedReader(file)) {
      for (String text = reader.readLine(); text != null; text = reader.readLine()) {
        line++;
        String number = text.strip().split("[,\\s]", 2)[0];
        if (number.isEmpty() || number.startsWith("#")) {
          continue;
        } else if (size == MOST) {
          throw new RunException("arrival: " + file + ": more than 10,000,000 arrivals");
        }
        long at = nanos(number);
        if (at < 0 || (size > 0 && at < due[size - 1])) {
          throw new RunException(
              "arrival: " + file + ": line " + line + " wants ascending milliseconds from 0");
        }
        due = size == due.length ? Arrays.copyOf(due, size * 2) : due;
        due[size++] = at;
      }
    } catch (IOException e) {
      throw new RunException("arrival: " + file + " cannot be read");
    }
    if (size == 0) {
      throw new RunException("arrival: " + file + " has no arrivals");
    }
    return Arrays.copyOf(due, size);
  }

  private static long nanos(String number) {
    try {
      double millis = Double.parseDouble(number);
      return millis >= 0 && millis <= LATEST_MILLIS ? Math.round(millis * NANOS) : -1;
    } catch (NumberFormatException e) {
      return -1;
    }
  }
}
