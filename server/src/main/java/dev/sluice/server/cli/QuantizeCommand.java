// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.cli;

import dev.sluice.models.derive.Inputs;
import dev.sluice.models.derive.Order;
import dev.sluice.models.derive.Quantization;
import dev.sluice.models.derive.Receipt;
import dev.sluice.models.derive.StandardRecipe;
import dev.sluice.models.derive.Workshop;
import dev.sluice.models.embedded.EmbeddedModel;
import dev.sluice.models.engine.EngineException;
import dev.sluice.models.fidelity.FidelityText;
import dev.sluice.models.repository.Found;
import dev.sluice.models.repository.SingleModel;
import dev.sluice.models.spec.FidelityBudget;
import dev.sluice.models.spec.ModelSpec;
import dev.sluice.models.spec.QuantScheme;
import dev.sluice.server.config.ServerConfig;
import dev.sluice.server.config.Suggestions;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** {@code sluice quantize}: makes an INT8 model that can be served, and says how near it comes. */
final class QuantizeCommand {
  private static final String SCHEME = "--scheme";
  private static final String CALIBRATION = "--calibration";
  private static final String OUTPUT = "--output";
  private static final String FORCE = "--force";
  private static final String CACHE = "SLUICE_MODELS_CACHE_DIRECTORY";

  private final Surroundings surroundings;
  private final CommandSpec spec;

  QuantizeCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
    this.spec = Sluice.command("quantize", "Make an INT8 model out of one in FP32.", this::call);
    spec.addPositional(
        PositionalParamSpec.builder()
            .index("0")
            .arity("1")
            .required(true)
            .type(String.class)
            .paramLabel("MODEL")
            .description("A folder, an .onnx file, or " + EmbeddedModel.NAME)
            .build());
    spec.addOption(
        text(
            "SCHEME",
            "Where the scales of activations come from: static, per-token or dynamic (what is best"
                + " for the model)",
            SCHEME));
    spec.addOption(
        text(
            "FILE",
            "Inputs as the model will see them: one text a line, or for a model of tensors one"
                + " request of the Open Inference Protocol as JSON (inputs that come with Sluice)",
            CALIBRATION));
    spec.addOption(text("DIR", "The folder to make (NAME-int8)", "-o", OUTPUT));
    spec.addOption(
        OptionSpec.builder(FORCE)
            .description("Replace what this command made there before")
            .build());
    spec.usageMessage()
        .footer(
            "",
            "Exit code 0: made, and within the budget of fidelity. 1: not made, or made and below",
            "it, which is said. 2: bad usage.",
            "",
            "Examples:",
            "  sluice quantize all-minilm-l6-v2",
            "  sluice quantize ./models/bge-small --calibration texts.txt -o ./models/bge-small-int8",
            "  sluice quantize ranker.onnx --scheme per-token");
  }

  CommandSpec spec() {
    return spec;
  }

  private static OptionSpec text(String label, String help, String... names) {
    return OptionSpec.builder(names[0], Arrays.copyOfRange(names, 1, names.length))
        .type(String.class)
        .paramLabel(label)
        .description(help)
        .build();
  }

  private int call() throws InterruptedException {
    ParseResult parsed = spec.commandLine().getParseResult();
    Optional<QuantScheme> scheme = scheme(parsed.matchedOptionValue(SCHEME, ""));
    String named = parsed.matchedPositionalValue(0, "");
    Optional<Path> calibration =
        Optional.ofNullable(parsed.<String>matchedOptionValue(CALIBRATION, null)).map(this::path);
    try {
      ModelSpec model = model(named);
      Path target = path(parsed.matchedOptionValue(OUTPUT, model.name() + "-" + Order.INT8));
      Order order =
          new Order(
              model,
              Order.INT8,
              scheme,
              FidelityBudget.DEFAULT,
              calibration.map(Path::toAbsolutePath));
      Quantization quantization =
          new Quantization(new Workshop(StandardRecipe.class), order, target);
      quantization.requireFree(parsed.hasMatchedOption(FORCE));
      if (calibration.isPresent()) {
        Inputs.check(model.task(), calibration.get());
      }
      return run(quantization, order);
    } catch (EngineException e) {
      surroundings.err().println("sluice: " + e.getMessage());
      return ExitCode.FAILED;
    }
  }

  private int run(Quantization quantization, Order order)
      throws EngineException, InterruptedException {
    // Ctrl-C ends the JVM through its hooks.
    Thread abandon = new Thread(quantization::abandon, "abandon");
    Runtime.getRuntime().addShutdownHook(abandon);
    Receipt receipt;
    try (ProgressLine progress = ProgressLine.on(surroundings)) {
      receipt = quantization.run(progress::at);
    } finally {
      forget(abandon);
    }
    PrintStream out = surroundings.out();
    out.printf(
        "%s of %s, %s, measured on %d inputs%n",
        receipt.variant(), order.model().name(), receipt.scheme(), receipt.inputs());
    FidelityText.table(receipt.fidelity(), receipt.budget()).forEach(out::println);
    receipt.notes().forEach(out::println);
    out.println("written to " + quantization.target());
    List<String> missed = receipt.fidelity().missed(receipt.budget());
    return missed.isEmpty() ? ExitCode.GOOD : ExitCode.FAILED;
  }

  private static void forget(Thread hook) {
    try {
      var unused = Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The JVM is ending, and it runs.
      return;
    }
  }

  private ModelSpec model(String named) throws EngineException {
    Path path = path(named);
    try {
      if (!Files.exists(path)) {
        if (named.equals(EmbeddedModel.NAME)) {
          return EmbeddedModel.allMiniLmL6V2(cache());
        }
        throw new EngineException(
            "there is no file or folder "
                + named
                + ", and no model of that name comes with Sluice");
      }
      return switch (SingleModel.at(path)) {
        case Found.Servable servable -> servable.specs().getLast();
        case Found.Refused refused ->
            throw new EngineException(named + " cannot be quantized: " + refused.reason());
      };
    } catch (IOException e) {
      throw new EngineException(named + " cannot be read: " + e.getMessage(), e);
    }
  }

  private Path cache() {
    String set = surroundings.environment().getOrDefault(CACHE, "");
    return set.isEmpty() ? ServerConfig.defaults().models().cacheDirectory() : path(set);
  }

  private Optional<QuantScheme> scheme(String word) {
    if (word.isEmpty()) {
      return Optional.empty();
    }
    Optional<QuantScheme> scheme = QuantScheme.ofLabel(word);
    if (scheme.isEmpty()) {
      List<String> words = Arrays.stream(QuantScheme.values()).map(QuantScheme::label).toList();
      throw usage(
          SCHEME
              + " must be one of "
              + String.join(", ", words)
              + Suggestions.didYouMean(Suggestions.nearest(word, words)));
    }
    return scheme;
  }

  private Path path(String text) {
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw usage("'" + text.replaceAll("\\p{Cntrl}", "?") + "' is not a path");
    }
  }

  private ParameterException usage(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
