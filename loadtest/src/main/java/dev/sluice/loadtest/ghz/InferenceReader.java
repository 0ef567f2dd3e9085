// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.ghz;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The flags of inference loads. */
final class InferenceReader {
  private static final int LONGEST = 100_000;
  private static final int MOST_INPUTS = 10_000;
  private static final Pattern LENGTHS =
      Pattern.compile("(const|uniform|lognormal)((?::\\d{1,6}(?:\\.\\d{1,6})?){1,3})");
  private static final Pattern MIX = Pattern.compile("([a-z0-9._-]{1,64})=(.{1,10000})");
  private static final Pattern VALUES =
      Pattern.compile(
          "(?:([^=]{1,200})=)?(-?[0-9]{1,16}(?:\\.[0-9]{1,12})?):(-?[0-9]{1,16}(?:\\.[0-9]{1,12})?)");
  private static final Pattern ADMIN =
      Pattern.compile("http://(?:[A-Za-z0-9._-]{1,255}|\\[[0-9a-fA-F:.]{2,45}]):[0-9]{1,5}/?");
  private static final Pattern SHARE = Pattern.compile("([\\x21-\\x2b\\x2d-\\x7e]+):(\\d{1,6})");

  private InferenceReader() {}

  static Inference read(Values values) {
    int inputs = values.number("inputs");
    if (inputs < 1 || inputs > MOST_INPUTS) {
      throw wrong("inputs", "1 to 10000", Integer.toString(inputs));
    }
    return new Inference(
        target(values.text("target")),
        values.text("model"),
        values.path("corpus"),
        lengths(values.text("lengths")),
        values.texts("values").stream().map(InferenceReader::range).toList(),
        inputs,
        values.texts("mix").stream().map(InferenceReader::mix).toList(),
        values.path("golden"),
        values.path("golden-record"),
        cosine(values.text("golden-cosine")),
        values.on("server-stats"),
        admin(values.text("server-admin")));
  }

  static List<String> targets() {
    return Stream.concat(
            Stream.of("none"), Stream.of(Inference.Target.values()).map(Inference.Target::word))
        .toList();
  }

  private static Optional<Inference.Target> target(String word) {
    return Stream.of(Inference.Target.values())
        .filter(target -> target.word().equals(word))
        .findFirst();
  }

  private static Optional<URI> admin(String text) {
    if (text.isEmpty()) {
      return Optional.empty();
    } else if (!ADMIN.matcher(text).matches()) {
      throw wrong("server-admin", "http://HOST:PORT such as http://127.0.0.1:8002", text);
    }
    return Optional.of(URI.create(text));
  }

  private static double cosine(String text) {
    boolean number = text.matches("[01](\\.\\d{1,12})?");
    double cosine = number ? Double.parseDouble(text) : -1;
    if (cosine < 0 || cosine > 1) {
      throw wrong("golden-cosine", "a number from 0 to 1, such as 0.999", text);
    }
    return cosine;
  }

  private static Inference.Lengths lengths(String text) {
    if (text.startsWith(TruthReader.FILE) && text.length() > TruthReader.FILE.length()) {
      return new Inference.Recorded(Path.of(text.substring(TruthReader.FILE.length())));
    }
    Matcher parts = LENGTHS.matcher(text);
    if (parts.matches()) {
      double[] numbers =
          Stream.of(parts.group(2).substring(1).split(":", -1))
              .mapToDouble(Double::parseDouble)
              .toArray();
      int first = (int) numbers[0];
      int last = (int) numbers[numbers.length - 1];
      boolean fits = first >= 1 && first <= last && last <= LONGEST;
      if (parts.group(1).equals("const") && numbers.length == 1 && fits) {
        return new Inference.Constant(first);
      } else if (parts.group(1).equals("uniform") && numbers.length == 2 && fits) {
        return new Inference.Uniform(first, last);
      } else if (parts.group(1).equals("lognormal") && numbers.length == 3 && fits) {
        return new Inference.LogNormal(first, numbers[1], last);
      }
    }
    throw wrong(
        "lengths",
        "const:N, uniform:LEAST:MOST, lognormal:MEDIAN:SIGMA:MOST (1 to 100000) or file:PATH",
        text);
  }

  private static Inference.Values range(String text) {
    Matcher parts = VALUES.matcher(text);
    if (parts.matches()) {
      String input = parts.group(1) == null ? "" : parts.group(1);
      double least = Double.parseDouble(parts.group(2));
      double most = Double.parseDouble(parts.group(3));
      if (least <= most) {
        return new Inference.Values(text, input, least, most);
      }
    }
    throw wrong("values", "LEAST:MOST or INPUT=LEAST:MOST, such as 0:29999", text);
  }

  private static Inference.Mix mix(String text) {
    Matcher parts = MIX.matcher(text);
    List<Inference.Share> shares = new ArrayList<>();
    if (parts.matches() && !parts.group(1).endsWith("-bin")) {
      for (String each : parts.group(2).split(",", -1)) {
        Matcher share = SHARE.matcher(each);
        if (!share.matches() || share.group(2).matches("0+")) {
          throw wrong("mix", "VALUE:WEIGHT by comma, with weights of at least 1", each);
        }
        shares.add(new Inference.Share(share.group(1), Integer.parseInt(share.group(2))));
      }
      return new Inference.Mix(parts.group(1), shares);
    }
    throw wrong("mix", "KEY=VALUE:WEIGHT,... such as tenant=gold:3,free:1", text);
  }

  private static OptionsException wrong(String flag, String wanted, String text) {
    return new OptionsException("--" + flag + " wants " + wanted + ", not '" + text + "'");
  }
}
