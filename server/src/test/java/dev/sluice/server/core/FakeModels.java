// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.core;

import dev.sluice.models.derive.DerivedVariant;
import dev.sluice.models.derive.VariantMaker;
import dev.sluice.models.engine.GraphLane;
import dev.sluice.models.engine.Packed;
import dev.sluice.models.serving.TensorModel;
import dev.sluice.models.serving.TextEmbedder;
import dev.sluice.models.spec.EngineKind;
import dev.sluice.models.spec.ModelSettings;
import dev.sluice.models.spec.ModelSpec;
import dev.sluice.models.spec.Task;
import dev.sluice.models.spec.TextSpec;
import dev.sluice.models.tensor.DType;
import dev.sluice.models.tensor.Tensor;
import dev.sluice.models.tensor.TensorSpec;
import dev.sluice.models.text.TextTooLongException;
import dev.sluice.models.text.TokenizedText;
import dev.sluice.models.text.Truncation;
import dev.sluice.proto.inference.ModelConfig;
import dev.sluice.server.telemetry.ModelLabels;
import dev.sluice.server.telemetry.Telemetry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Deployments of models that exist only as far as tests need them. */
final class FakeModels {
  static final int DIMENSIONS = 4;
  static final int MAX_TOKENS = 8;
  static final Path FOLDER = Path.of("/srv/secret/models");

  private FakeModels() {}

  static ModelSpec textSpec(String name, long version, boolean normalize) {
    Path folder = FOLDER.resolve(name);
    return new ModelSpec(
        name,
        version,
        Task.EMBED,
        EngineKind.ONNX_RUNTIME,
        folder,
        folder.resolve("model.onnx"),
        ModelConfig.getDefaultInstance(),
        new TextSpec(
            folder.resolve("tokenizer.json"),
            MAX_TOKENS,
            true,
            TextSpec.Pooling.MEAN,
            normalize,
            0),
        ModelSettings.DEFAULT);
  }

  static ModelSpec tensorSpec(String name, long version) {
    Path folder = FOLDER.resolve(name);
    return new ModelSpec(
        name,
        version,
        Task.TENSOR,
        EngineKind.ONNX_RUNTIME,
        folder,
        folder.resolve("model.onnx"),
        ModelConfig.newBuilder().setMaxBatchSize(4).build(),
        null,
        ModelSettings.DEFAULT);
  }

  static ModelSpec withTimeout(ModelSpec spec, Duration queueTimeout) {
    ModelSettings own = spec.settings();
    return spec.withSettings(
        new ModelSettings(
            own.device(),
            own.lanes(),
            own.maxBatchRows(),
            own.maxBatchTokens(),
            own.linger(),
            own.maxQueueRows(),
            queueTimeout));
  }

  static Deployment.Embedding embedding(ModelSpec spec) {
    return embedding(spec, "fp32");
  }

  static Deployment.Embedding embedding(ModelSpec spec, String variant) {
    return new Deployment.Embedding(
        new Embedder(spec), variant, new HeldBatcher<>(), statistics(spec, variant), new Lease());
  }

  /** A version of which nothing is made. */
  static VersionVariants alone(Deployment own) {
    return new VersionVariants(
        own.spec(),
        own,
        List.of(),
        (version, variant) -> {
          throw new AssertionError("nothing is offered");
        },
        null);
  }

  /** Makes nothing. */
  static VariantWorkshop idleWorkshop(Deployer deployer) {
    VariantMaker none =
        new VariantMaker() {
          @Override
          public List<String> offered(ModelSpec model) {
            return List.of();
          }

          @Override
          public DerivedVariant make(ModelSpec model, String variant, Progress progress) {
            throw new AssertionError("nothing is offered");
          }
        };
    return new VariantWorkshop(
        none, deployer, new SteppedExecutor(), () -> 0, spec -> Optional.empty());
  }

  static Deployment.Embedding embedding(String name, long version) {
    return embedding(textSpec(name, version, true));
  }

  static Deployment.Tensors tensors(String name, long version) {
    return tensors(tensorSpec(name, version));
  }

  static Deployment.Tensors tensors(ModelSpec spec) {
    Doubler model = new Doubler(spec);
    return new Deployment.Tensors(
        model,
        "fp32",
        new HeldBatcher<>(),
        new InferValidator(model.inputs(), model.outputs(), 4),
        Map.of(),
        QueuePolicies.of(spec),
        statistics(spec, "fp32"),
        new Lease());
  }

  private static Statistics statistics(ModelSpec spec, String variant) {
    ModelLabels labels = new ModelLabels(spec.name(), Long.toString(spec.version()), variant);
    return new Statistics(new Telemetry(() -> 7).register(labels));
  }

  /** True once, when nobody holds the lease any more. */
  static boolean unused(Deployment deployment) {
    return deployment.lease().retire().isDone();
  }

  /** One token per character, numbered by it; {@code !} makes it fail. */
  record Embedder(ModelSpec spec, Optional<Packed> packed) implements TextEmbedder {
    Embedder(ModelSpec spec) {
      this(spec, Optional.empty());
    }

    @Override
    public String device() {
      return "cpu";
    }

    @Override
    public int lanes() {
      return 1;
    }

    @Override
    public int dimensions() {
      return DIMENSIONS;
    }

    @Override
    public int maxTokens() {
      return MAX_TOKENS;
    }

    @Override
    public int maxChars() {
      return 1000;
    }

    @Override
    public String variant() {
      return "fp32";
    }

    @Override
    public TokenizedText tokenize(String text, Truncation truncation) throws TextTooLongException {
      if (text.equals("!")) {
        throw new OutOfMemoryError("made up");
      }
      return accept(text.strip().chars().toArray(), truncation);
    }

    @Override
    public TokenizedText accept(int[] ids, Truncation truncation) throws TextTooLongException {
      if (Arrays.stream(ids).anyMatch(id -> id < 0)) {
        throw new IllegalArgumentException("there is no token -1");
      }
      if (ids.length > MAX_TOKENS && truncation == Truncation.NONE) {
        throw new TextTooLongException(ids.length, MAX_TOKENS);
      }
      return ids.length > MAX_TOKENS
          ? new TokenizedText(Arrays.copyOf(ids, MAX_TOKENS), true)
          : new TokenizedText(ids, false);
    }

    @Override
    public EmbedLane newLane() {
      throw new UnsupportedOperationException("tests run no lanes");
    }

    @Override
    public void close() {}
  }

  /** Declares an input and an output of two columns; runs nothing. */
  record Doubler(ModelSpec spec) implements TensorModel {
    @Override
    public String device() {
      return "cpu";
    }

    @Override
    public int lanes() {
      return 1;
    }

    @Override
    public String variant() {
      return "fp32";
    }

    @Override
    public List<TensorSpec> inputs() {
      return List.of(new TensorSpec("x", DType.FP32, List.of(-1L, 2L)));
    }

    @Override
    public List<TensorSpec> outputs() {
      return List.of(
          new TensorSpec("y", DType.FP32, List.of(-1L, 2L)),
          new TensorSpec("z", DType.FP32, List.of(-1L, 2L)));
    }

    @Override
    public GraphLane newLane() {
      return new GraphLane() {
        @Override
        public List<Tensor> run(List<Tensor> inputs) {
          return List.of(inputs.get(0), inputs.get(0));
        }

        @Override
        public void close() {}
      };
    }

    @Override
    public void close() {}
  }
}
