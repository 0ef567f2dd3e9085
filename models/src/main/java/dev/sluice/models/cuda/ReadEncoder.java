// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.cuda;

import dev.sluice.kernels.encoder.EncoderDims;
import dev.sluice.kernels.encoder.EncoderWeights;
import dev.sluice.models.engine.EngineException;
import dev.sluice.models.onnx.OnnxModel;
import dev.sluice.models.repository.ModelNames;
import dev.sluice.models.rewrite.EncoderRewrite;
import dev.sluice.models.rewrite.EncoderRewrite.Rewritten;
import dev.sluice.models.rewrite.RewriteGoal;
import dev.sluice.proto.onnx.ValueInfoProto;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * An encoder as the kernels run it, found in an ONNX model.
 *
 * @param output the name of what it gives
 * @param ending what the file makes of the vectors of tokens to give it
 * @param typed whether the model is told each token's type
 */
record ReadEncoder(
    EncoderDims dims, EncoderWeights weights, String output, Ending ending, boolean typed) {
  private static final String TYPES = "token_type_ids";
  private static final Set<String> INPUTS = Set.of("input_ids", "attention_mask", TYPES);

  /**
   * Rewrites a copy of the model, so that blocks look alike whoever exported it, and goes from the
   * result back to the inputs. The weights are read out when they are asked for, layer by layer.
   * What the file gives besides does not matter.
   *
   * @param wanted the name of the output; empty: the first of those that are known
   * @throws EngineException naming the first node that is not part of such an encoder
   */
  static ReadEncoder of(OnnxModel model, Optional<String> wanted) throws EngineException {
    Rewritten fused =
        EncoderRewrite.apply(model, RewriteGoal.blocks(RewriteGoal.Device.CPU).toBeQuantized());
    requireInputs(fused.model());
    String output = output(fused.model(), wanted);
    try {
      return read(fused.model(), output);
    } catch (EngineException e) {
      // What rewriting left alone is mostly why.
      throw fused.report().left().isEmpty()
          ? e
          : new EngineException(
              "%s (%s)".formatted(e.getMessage(), fused.report().left().getFirst()), e);
    }
  }

  private static void requireInputs(OnnxModel model) throws EngineException {
    for (ValueInfoProto input : model.graph().inputs()) {
      if (!INPUTS.contains(input.getName())) {
        throw new EngineException(
            "an encoder's inputs are input_ids, attention_mask and token_type_ids,"
                + " of which '%s' is none".formatted(ModelNames.printable(input.getName())));
      }
    }
  }

  private static String output(OnnxModel model, Optional<String> wanted) throws EngineException {
    return Ending.OUTPUTS.stream()
        .filter(model.graph()::isOutput)
        .filter(name -> wanted.isEmpty() || wanted.get().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new EngineException(
                    wanted
                        .map(
                            name ->
                                "it gives no %s that is known"
                                    .formatted(ModelNames.printable(name)))
                        .orElse(
                            "an encoder gives one of %s, which this model does not"
                                .formatted(String.join(", ", Ending.OUTPUTS)))));
  }

  private static ReadEncoder read(OnnxModel model, String output) throws EngineException {
    Blocks blocks = new Blocks(model.graph());
    List<LayerBlock> layers = new ArrayList<>();
    Ending ending = Ending.of(blocks, output);
    Blocks.Norm norm = blocks.norm(ending.tokens());
    while (blocks.isLinear(norm.left()) || blocks.isLinear(norm.right())) {
      LayerBlock layer = LayerBlock.find(blocks, norm);
      layers.addFirst(layer);
      norm = blocks.norm(layer.input());
    }
    Embeddings embeddings = Embeddings.find(blocks, norm);
    if (layers.isEmpty()) {
      throw Blocks.unknown(norm.node(), "has no block of attention behind it");
    }
    EncoderDims dims = dims(embeddings, layers);
    requireOneNorm(norm, layers);
    EncoderWeights weights =
        new EncoderWeights(
            Blocks.floats(embeddings.words()),
            embeddings.readPositions(),
            embeddings.readTypes(),
            norm.read(),
            new ReadLayers(layers));
    return new ReadEncoder(dims, weights, output, ending, model.graph().isInput(TYPES));
  }

  private static EncoderDims dims(Embeddings embeddings, List<LayerBlock> layers)
      throws EngineException {
    LayerBlock first = layers.getFirst();
    int heads = first.attention().heads();
    int wide = first.up().outputs();
    for (LayerBlock layer : layers) {
      layer.requireSizes(embeddings.hidden(), wide, heads);
    }
    try {
      return new EncoderDims(
          layers.size(),
          embeddings.hidden(),
          heads,
          wide,
          embeddings.wordCount(),
          embeddings.positionCount(),
          embeddings.typeCount(),
          first.norm().epsilon());
    } catch (IllegalArgumentException e) {
      throw new EngineException("the kernels have no encoder of this size: " + e.getMessage(), e);
    }
  }

  private static void requireOneNorm(Blocks.Norm first, List<LayerBlock> layers)
      throws EngineException {
    List<Blocks.Norm> norms =
        Stream.concat(Stream.of(first), layers.stream().flatMap(l -> l.norms().stream())).toList();
    for (Blocks.Norm norm : norms) {
      if (norm.epsilon() != layers.getFirst().norm().epsilon()) {
        throw Blocks.differs(
            norm.node(), "the epsilon", norm.epsilon(), layers.getFirst().norm().epsilon());
      }
    }
  }

  /** Each is read when it is asked for: a large model's weights are not held twice. */
  private static final class ReadLayers extends AbstractList<EncoderWeights.Layer> {
    private final List<LayerBlock> layers;

    ReadLayers(List<LayerBlock> layers) {
      this.layers = layers;
    }

    @Override
    public EncoderWeights.Layer get(int index) {
      return layers.get(index).read();
    }

    @Override
    public int size() {
      return layers.size();
    }
  }
}
