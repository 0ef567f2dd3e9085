// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.result;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Details in a file, so that a run's memory does not grow with its calls: 28 bytes each, and a
 * bounded table of the outcomes they share. What comes after the limit is not kept. Closing removes
 * the file. One thread at a time.
 */
public final class DetailSpool implements Details, Closeable {
  private static final int MOST_OUTCOMES = 1_000;
  private static final int MOST_TEXT = 1_000;

  private final Path file;
  private final int limit;
  private final DataOutputStream out;
  private final List<Outcome> outcomes = new ArrayList<>();
  private final Map<Outcome, Integer> numbers = new HashMap<>();
  private int size;

  public DetailSpool(Path file, int limit) throws IOException {
    this.file = file;
    this.limit = limit;
    this.out = new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file)));
  }

  public void add(Detail detail) throws IOException {
    if (size == limit) {
      return;
    }
    out.writeLong(detail.completedEpochNanos());
    out.writeLong(detail.responseNanos());
    out.writeLong(detail.serviceNanos());
    out.writeInt(number(detail));
    size++;
  }

  /** All that was added can be read from now on, or an exception says that it cannot. */
  public void flush() throws IOException {
    out.flush();
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public void forEach(Visitor visitor) throws IOException {
    out.flush();
    try (DataInputStream in =
        new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
      for (int i = 0; i < size; i++) {
        long completed = in.readLong();
        long response = in.readLong();
        long service = in.readLong();
        Outcome outcome = outcomes.get(in.readInt());
        visitor.visit(new Detail(completed, response, service, outcome.error(), outcome.status()));
      }
    }
  }

  @Override
  public void close() throws IOException {
    try {
      out.close();
    } catch (IOException full) {
      // What was to be read has been read.
    } finally {
      Files.deleteIfExists(file);
    }
  }

  private int number(Detail detail) {
    String error = detail.error();
    Outcome outcome =
        new Outcome(
            error.length() > MOST_TEXT ? error.substring(0, MOST_TEXT) : error, detail.status());
    if (!numbers.containsKey(outcome) && outcomes.size() >= MOST_OUTCOMES && !detail.ok()) {
      outcome =
          new Outcome(
              "rpc error: code = " + detail.status() + " desc = (one of many)", detail.status());
    }
    return numbers.computeIfAbsent(
        outcome,
        fresh -> {
          outcomes.add(fresh);
          return outcomes.size() - 1;
        });
  }

  private record Outcome(String error, String status) {}
}
