// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.inference;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.ByteString;
import dev.sluice.loadtest.corpus.Item;
import dev.sluice.loadtest.run.RunException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * Right answers: in each line the SHA-256 of an item, in hex, and its embedding, little endian in
 * base64. Texts themselves are not kept.
 */
public final class GoldenFile {
  private static final int MOST = 200_000;

  /** Of all answers together: 256 MiB. */
  private static final long MOST_NUMBERS = 64L << 20;

  private static final ObjectMapper JSON = new ObjectMapper();

  private GoldenFile() {}

  /** Compares with what was written. */
  public static final class Comparing implements Golden {
    private final Map<String, float[]> right;
    private final double leastCosine;

    private Comparing(Map<String, float[]> right, double leastCosine) {
      this.right = right;
      this.leastCosine = leastCosine;
    }

    /**
     * @throws RunException naming the line that does not fit
     */
    public static Comparing read(Path file, double leastCosine) {
      return new Comparing(Map.copyOf(GoldenFile.read(file)), leastCosine);
    }

    @Override
    public String problem(Item item, float[] vector) {
      float[] wanted = right.get(key(item));
      if (wanted == null) {
        return "an input is not in the file";
      } else if (wanted.length != vector.length) {
        return "an answer has another number of dimensions";
      }
      // Written so that what is no number is below any bound.
      return cosine(wanted, vector) >= leastCosine ? "" : "a cosine is below " + leastCosine;
    }
  }

  /** Keeps the first answer of each item, to be written when the run is over. */
  public static final class Recording implements Golden {
    private final Map<String, float[]> answers = new ConcurrentHashMap<>();
    private final LongAdder numbers = new LongAdder();
    private volatile boolean full;

    @Override
    public String problem(Item item, float[] vector) {
      String key = key(item);
      if (answers.containsKey(key)) {
        return "";
      } else if (answers.size() >= MOST || numbers.sum() + vector.length > MOST_NUMBERS) {
        full = true;
      } else if (answers.putIfAbsent(key, vector) == null) {
        numbers.add(vector.length);
      }
      return "";
    }

    /** Whether answers were left out. */
    public boolean full() {
      return full;
    }

    public int size() {
      return answers.size();
    }

    public void write(OutputStream out) throws IOException {
      for (Map.Entry<String, float[]> answer : new TreeMap<>(answers).entrySet()) {
        String line =
            "{\"input\":\""
                + answer.getKey()
                + "\",\"embedding\":\""
                + base64(answer.getValue())
                + "\"}\n";
        out.write(line.getBytes(StandardCharsets.US_ASCII));
      }
    }
  }

  private static Map<String, float[]> read(Path file) {
    Map<String, float[]> right = new ConcurrentHashMap<>();
    long number = 0;
    try (BufferedReader reader = Files.newBufferedReader(file)) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        number++;
        if (right.size() == MOST) {
          throw new RunException("golden: " + file + " has more than 200,000 answers");
        }
        try {
          JsonNode node = JSON.readTree(line);
          ByteString bytes =
              ByteString.copyFrom(Base64.getDecoder().decode(node.path("embedding").asText()));
          right.put(node.path("input").asText(), Floats.rows(bytes, 1).getFirst());
        } catch (IOException | IllegalArgumentException e) {
          throw new RunException(wrong(file, number));
        }
      }
    } catch (IOException e) {
      throw new RunException("golden: " + file + " cannot be read");
    }
    if (right.isEmpty()) {
      throw new RunException("golden: " + file + " has no answers");
    }
    return right;
  }

  private static String wrong(Path file, long number) {
    return "golden: " + file + ": line " + number + " is not as --golden-record writes them";
  }

  private static String key(Item item) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      switch (item) {
        case Item.Text plain -> digest.update(utf8("t" + plain.text()));
        case Item.Tokens tokens -> digest.update(utf8("i" + tokens.ids()));
        case Item.Row row -> {
          digest.update(utf8("r" + row.length()));
          row.tensors().forEach(digest::update);
        }
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String base64(float[] vector) {
    ByteBuffer bytes =
        ByteBuffer.allocate(vector.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(vector);
    return Base64.getEncoder().encodeToString(bytes.array());
  }

  private static double cosine(float[] a, float[] b) {
    double dot = 0;
    double ofA = 0;
    double ofB = 0;
    for (int i = 0; i < a.length; i++) {
      dot += (double) a[i] * b[i];
      ofA += (double) a[i] * a[i];
      ofB += (double) b[i] * b[i];
    }
    return dot / Math.sqrt(ofA * ofB);
  }
}
