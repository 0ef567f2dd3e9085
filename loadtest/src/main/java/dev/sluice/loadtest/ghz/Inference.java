// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.ghz;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What a load of inference requests is told.
 *
 * @param target the protocol; none: calls are ghz's
 * @param model its name; empty: the server has one, or a default
 * @param corpus file of texts or of token ids; none: they are made up
 * @param lengths of what is made up, in words or in ids
 * @param values that numbers are made up of, for inputs by name or for all
 * @param inputs of one call
 * @param mixes what differs between calls in their metadata
 * @param golden right answers, which those of the run must resemble
 * @param goldenRecord where the answers of the run are written to
 * @param leastCosine of an answer and the right one
 * @param serverStatistics whether the server is asked what it measured
 * @param serverAdmin where a Sluice server tells its percentiles
 */
public record Inference(
    Optional<Target> target,
    String model,
    Optional<Path> corpus,
    Lengths lengths,
    List<Values> values,
    int inputs,
    List<Mix> mixes,
    Optional<Path> golden,
    Optional<Path> goldenRecord,
    double leastCosine,
    boolean serverStatistics,
    Optional<URI> serverAdmin) {

  /** A protocol of inference servers. */
  public enum Target {
    OIP("oip", "inference.GRPCInferenceService/ModelInfer", ""),
    SLUICE("sluice", "sluice.v1.EmbeddingService/Embed", ""),
    TEI("tei", "tei.v1.Embed/Embed", ""),
    TEI_HTTP("tei-http", "POST /embed", "/embed"),
    OPENAI("openai", "POST /v1/embeddings", "/v1/embeddings");

    private final String word;
    private final String call;
    private final String path;

    Target(String word, String call, String path) {
      this.word = word;
      this.call = call;
      this.path = path;
    }

    String word() {
      return word;
    }

    /** As a report names it. */
    public String call() {
      return call;
    }

    public boolean http() {
      return !path.isEmpty();
    }

    /** Of HTTP. */
    public String path() {
      return path;
    }
  }

  /** How long what is made up is. */
  public sealed interface Lengths {}

  /** All alike. */
  public record Constant(int length) implements Lengths {}

  /** Each as often, both ends included. */
  public record Uniform(int least, int most) implements Lengths {}

  /**
   * The logarithm is distributed normally, as it is of what people write.
   *
   * @param sigma of the logarithm
   * @param most longer ones are cut
   */
  public record LogNormal(int median, double sigma, int most) implements Lengths {}

  /** As often as a file says: lines of a length and a count. */
  public record Recorded(Path file) implements Lengths {}

  /**
   * Numbers, both ends included.
   *
   * @param text as it was given
   * @param input empty: all
   */
  public record Values(String text, String input, double least, double most) {}

  /** One key of metadata, with its values by weight. */
  public record Mix(String key, List<Share> shares) {
    public Mix {
      shares = List.copyOf(shares);
    }
  }

  /** A value in so many calls of the sum of all weights. */
  public record Share(String value, int weight) {}
}
