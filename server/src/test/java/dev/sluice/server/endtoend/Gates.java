// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.endtoend;

import dev.sluice.models.engine.EngineException;
import dev.sluice.models.engine.GraphLane;
import dev.sluice.models.serving.LoadedModel;
import dev.sluice.models.serving.TensorModel;
import dev.sluice.models.serving.TextEmbedder;
import dev.sluice.models.spec.ModelSpec;
import dev.sluice.models.tensor.Tensor;
import dev.sluice.models.tensor.TensorSpec;
import dev.sluice.models.text.TextTooLongException;
import dev.sluice.models.text.TokenizedText;
import dev.sluice.models.text.Truncation;
import dev.sluice.server.wiring.Surroundings;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.LongStream;

/** A {@link Gate} before the lanes of each model of a server whose time a test turns. */
final class Gates {
  private final Map<String, Gate> byModel = new ConcurrentHashMap<>();

  /**
   * A model that gives back the rows of its input {@code i} as {@code y}, in batches of one.
   *
   * @param lanes how many
   * @param dynamicBatching what its section of that name says
   */
  static void write(Path repository, String name, int lanes, String dynamicBatching)
      throws IOException {
    Path folder = repository.resolve(name);
    Files.createDirectories(folder.resolve("1"));
    Files.writeString(
        folder.resolve("config.pbtxt"),
        """
        backend: "identity"
        max_batch_size: 1
        input [ { name: "i" data_type: TYPE_INT64 dims: [ 1 ] } ]
        output [ { name: "y" data_type: TYPE_INT64 dims: [ 1 ] } ]
        instance_group [ { count: %d kind: KIND_CPU } ]
        dynamic_batching { %s }
        """
            .formatted(lanes, dynamicBatching));
  }

  Gate of(String model) {
    return byModel.computeIfAbsent(model, name -> new Gate());
  }

  void open() {
    byModel.values().forEach(Gate::open);
  }

  Surroundings on(SteppedTime time) {
    return new Surroundings(
        time,
        Optional.of(time),
        time,
        loader -> spec -> gated(loader.load(spec)),
        Optional.empty());
  }

  private LoadedModel gated(LoadedModel model) {
    Gate gate = of(model.spec().name());
    return switch (model) {
      case TensorModel tensors -> new Tensors(tensors, gate);
      case TextEmbedder texts -> new Texts(texts, gate);
    };
  }

  private record Tensors(TensorModel model, Gate gate) implements TensorModel {
    @Override
    public ModelSpec spec() {
      return model.spec();
    }

    @Override
    public String device() {
      return model.device();
    }

    @Override
    public int lanes() {
      return model.lanes();
    }

    @Override
    public String variant() {
      return model.variant();
    }

    @Override
    public List<TensorSpec> inputs() {
      return model.inputs();
    }

    @Override
    public List<TensorSpec> outputs() {
      return model.outputs();
    }

    @Override
    public GraphLane newLane() {
      GraphLane lane = model.newLane();
      return new GraphLane() {
        @Override
        public List<Tensor> run(List<Tensor> inputs) throws EngineException {
          gate.pass(values(inputs.getFirst()));
          return lane.run(inputs);
        }

        @Override
        public void close() {
          lane.close();
        }
      };
    }

    private static List<Long> values(Tensor tensor) {
      LongBuffer data = tensor.data().duplicate().order(ByteOrder.LITTLE_ENDIAN).asLongBuffer();
      return LongStream.generate(data::get).limit(data.remaining()).boxed().toList();
    }

    @Override
    public void check(GraphLane lane) throws EngineException {
      gate.check();
    }

    @Override
    public void close() {
      model.close();
    }
  }

  private record Texts(TextEmbedder model, Gate gate) implements TextEmbedder {
    @Override
    public ModelSpec spec() {
      return model.spec();
    }

    @Override
    public String device() {
      return model.device();
    }

    @Override
    public int lanes() {
      return model.lanes();
    }

    @Override
    public int dimensions() {
      return model.dimensions();
    }

    @Override
    public int maxTokens() {
      return model.maxTokens();
    }

    @Override
    public int maxChars() {
      return model.maxChars();
    }

    @Override
    public String variant() {
      return model.variant();
    }

    @Override
    public TokenizedText tokenize(String text, Truncation truncation) throws TextTooLongException {
      return model.tokenize(text, truncation);
    }

    @Override
    public TokenizedText accept(int[] ids, Truncation truncation) throws TextTooLongException {
      return model.accept(ids, truncation);
    }

    @Override
    public EmbedLane newLane() {
      EmbedLane lane = model.newLane();
      return new EmbedLane() {
        @Override
        public float[][] run(int[][] batch) throws Exception {
          gate.pass(Arrays.stream(batch).map(text -> (long) text.length).toList());
          return lane.run(batch);
        }

        @Override
        public void close() {
          lane.close();
        }
      };
    }

    @Override
    public void check(EmbedLane lane) throws EngineException {
      gate.check();
    }

    @Override
    public void close() {
      model.close();
    }
  }
}
