// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.support;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.loadtest.command.LoadTestCommand;
import dev.sluice.loadtest.command.Surroundings;
import java.io.ByteArrayInputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.management.ManagementFactory;
import java.time.InstantSource;
import java.util.List;

/** The command in this process, and what came of it. */
public record LoadTest(int code, String out, String err) {
  private static final ObjectMapper JSON = new ObjectMapper();

  public static LoadTest run(String... args) throws InterruptedException {
    return reading(new byte[0], args);
  }

  /**
   * @param stdin what the command may read
   */
  public static LoadTest reading(byte[] stdin, String... args) throws InterruptedException {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    Surroundings surroundings =
        new Surroundings(
            new ByteArrayInputStream(stdin),
            new PrintWriter(out, true),
            new PrintWriter(err, true),
            System::nanoTime,
            ManagementFactory.getThreadMXBean()::getCurrentThreadCpuTime,
            InstantSource.system(),
            name -> "",
            2,
            task -> {},
            "dev",
            false,
            false);
    int code = new LoadTestCommand(surroundings).run(List.of(args));
    return new LoadTest(code, out.toString(), err.toString());
  }

  public JsonNode json() {
    try {
      return JSON.readTree(out);
    } catch (JsonProcessingException e) {
      throw new AssertionError(out + err, e);
    }
  }
}
