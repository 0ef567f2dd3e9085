// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.http.api;

import dev.sluice.server.core.RequestTrace;
import dev.sluice.server.transport.http.json.JsonReader;
import dev.sluice.server.transport.http.json.JsonWriter;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Prints how long the largest bodies keep a thread: run it by hand, on a machine with nothing else
 * to do. Not a test, as it is about time. {@code
 * docs/decisions/0006-large-bodies-leave-the-event-loop.md} has the command and what came of it.
 */
public final class BodyCost {
  private static final int ROUNDS = 12;
  private static final int INPUTS = 2_048;
  private static final int WIDTH = 384;
  private static final SplittableRandom RANDOM = new SplittableRandom(1);

  private BodyCost() {}

  public static void main(String[] args) {
    byte[] texts = texts();
    byte[] numbers = numbers();
    ByteBuffer vectors = ByteBuffer.allocate(INPUTS * WIDTH * 4).order(ByteOrder.LITTLE_ENDIAN);
    while (vectors.hasRemaining()) {
      vectors.putFloat((float) RANDOM.nextDouble(-0.2, 0.2));
    }
    vectors.flip();
    measure("read 2048 texts of 16 KiB, 32 MiB", () -> readTexts(texts));
    measure("read 3 million numbers, 32 MiB", () -> readNumbers(numbers));
    measure("write 2048 vectors as base64", () -> write(vectors, 0));
    measure("write 2048 vectors, a string for each number", () -> write(vectors, 1));
    measure("write 2048 vectors, one builder for a vector", () -> write(vectors, 2));
  }

  /** The fastest of the rounds: what disturbs only ever adds. */
  private static void measure(String what, Runnable step) {
    long best = Long.MAX_VALUE;
    for (int i = 0; i < ROUNDS; i++) {
      var threads = java.lang.management.ManagementFactory.getThreadMXBean();
      long start = threads.getCurrentThreadCpuTime();
      step.run();
      best = Math.min(best, threads.getCurrentThreadCpuTime() - start);
    }
    System.out.printf("%s: %.1f ms%n", what, best / 1e6);
  }

  private static byte[] texts() {
    String text = "some words of text and more ".repeat(585);
    StringBuilder body = new StringBuilder("{\"input\":[");
    for (int i = 0; i < INPUTS; i++) {
      body.append(i == 0 ? "\"" : ",\"").append(text).append('"');
    }
    return body.append("]}").toString().getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] numbers() {
    int count = 1_024 * 3_000;
    StringBuilder body =
        new StringBuilder("{\"inputs\":[{\"name\":\"x\",\"datatype\":\"FP32\",\"shape\":[")
            .append(count)
            .append("],\"data\":[0");
    for (int i = 1; i < count; i++) {
      body.append(',').append((float) RANDOM.nextDouble(-4, 4));
    }
    return body.append("]}]}").toString().getBytes(StandardCharsets.UTF_8);
  }

  private static void readTexts(byte[] body) {
    JsonReader json = JsonReader.of(body, 0, body.length);
    List<String> texts = new ArrayList<>();
    json.object("body", name -> json.array(name, () -> texts.add(json.string(name))));
  }

  private static void readNumbers(byte[] body) {
    ApiRequest request =
        new ApiRequest("POST", "", new DefaultHttpHeaders(), body, 0, RequestTrace.NONE);
    var unused = InferBody.read(request, body.length, new PathParts("m", ""), 1);
  }

  private static void write(ByteBuffer vectors, int how) {
    JsonWriter json = new JsonWriter(vectors.remaining() * 3).array();
    for (int at = 0; at < vectors.limit(); at += WIDTH * 4) {
      int end = at + WIDTH * 4;
      switch (how) {
        case 0 -> json.base64(vectors, at, end);
        case 1 -> {
          json.array();
          for (int i = at; i < end; i += 4) {
            json.number(vectors.getFloat(i));
          }
          json.endArray();
        }
        default -> json.floats(vectors, at, end);
      }
    }
  }
}
