// SPDX-License-Identifier: Apache-2.0
package dev.sluice.kernels.encoder;

import dev.sluice.kernels.gpu.SizeBucket;
import dev.sluice.kernels.launch.Attention;
import dev.sluice.kernels.launch.ByteProduct;
import dev.sluice.kernels.launch.Embed;
import dev.sluice.kernels.launch.HalfProduct;
import dev.sluice.kernels.launch.Head;
import dev.sluice.kernels.launch.Head.Activation;
import dev.sluice.kernels.launch.Launch;
import dev.sluice.kernels.launch.Norm;
import dev.sluice.kernels.launch.Pool;
import dev.sluice.kernels.launch.Product.Finish;
import dev.sluice.kernels.launch.Product.Tile;
import dev.sluice.kernels.launch.Quantize;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** An encoder as launches, in their order, for every batch of one bucket in one lane's memory. */
final class EncoderLaunches {
  private final DeviceEncoder encoder;
  private final EncoderDims dims;
  private final LaneMemory memory;
  private final SizeBucket bucket;
  private final InputBlock block;
  private final List<Launch> launches = new ArrayList<>();

  private EncoderLaunches(DeviceEncoder encoder, LaneMemory memory, SizeBucket bucket) {
    this.encoder = encoder;
    this.dims = encoder.dims();
    this.memory = memory;
    this.bucket = bucket;
    this.block = new InputBlock(bucket);
  }

  static List<Launch> of(
      DeviceEncoder encoder, LaneMemory memory, EncoderOutput output, SizeBucket bucket) {
    EncoderLaunches all = new EncoderLaunches(encoder, memory, bucket);
    List<PlacedWeights.Layer> layers = encoder.weights().layers();
    all.embed(layers.getFirst().qkv());
    for (int i = 0; i < layers.size(); i++) {
      all.layer(
          layers.get(i),
          i + 1 < layers.size() ? Optional.of(layers.get(i + 1).qkv()) : Optional.empty());
    }
    switch (output) {
      case EncoderOutput.Tokens tokens -> {}
      case EncoderOutput.Vectors vectors -> all.pool(vectors);
      case EncoderOutput.Labels labels -> all.head(labels.head());
    }
    return List.copyOf(all.launches);
  }

  private long shape() {
    return memory.input();
  }

  private void embed(PlacedWeights.Linear next) {
    PlacedWeights weights = encoder.weights();
    launches.add(
        new Embed(
                shape(),
                memory.input() + block.ids(),
                memory.input() + block.positions(),
                memory.input() + block.types(),
                weights.words(),
                weights.positions(),
                weights.types(),
                weights.norm().gain(),
                weights.norm().shift(),
                dims.epsilon(),
                dims.hidden(),
                memory.x(),
                next.factors(),
                memory.bytes(),
                memory.scales())
            .launch(bucket.tokens()));
  }

  /**
   * @param next the product that begins the layer behind this one
   */
  private void layer(PlacedWeights.Layer layer, Optional<PlacedWeights.Linear> next) {
    product(layer.qkv(), Finish.BIAS, memory.x(), memory.qkv());
    attention();
    quantizeFor(layer.attended(), memory.attended());
    product(layer.attended(), Finish.RESIDUAL, memory.attended(), memory.sum());
    norm(layer.attentionNorm(), Optional.of(layer.up()));
    product(layer.up(), Finish.GELU, memory.x(), memory.wide());
    quantizeFor(layer.down(), memory.wide());
    product(layer.down(), Finish.RESIDUAL, memory.wide(), memory.sum());
    norm(layer.outputNorm(), next);
  }

  /**
   * A product of bytes finds what {@code from} holds quantized in the lane's bytes. A residual is
   * always what the block, or its second half, was given.
   */
  private void product(PlacedWeights.Linear linear, Finish finish, long from, long to) {
    int n = linear.n();
    int k = linear.k();
    long residual = finish == Finish.RESIDUAL ? memory.x() : 0;
    Tile tile = encoder.kind().tile(bucket.tokens(), n, encoder.gpu().multiprocessors());
    launches.add(
        linear.inBytes()
            ? new ByteProduct(
                    shape(),
                    memory.bytes(),
                    memory.scales(),
                    linear.weight(),
                    linear.scales(),
                    linear.bias(),
                    residual,
                    n,
                    k,
                    to)
                .launch(finish, tile, bucket.tokens())
            : new HalfProduct(shape(), from, linear.weight(), linear.bias(), residual, n, k, to)
                .launch(finish, tile, bucket.tokens()));
  }

  private void attention() {
    launches.add(
        new Attention(
                shape(),
                memory.input() + block.starts(),
                memory.input() + block.tiles(),
                memory.qkv(),
                dims.heads(),
                dims.headSize(),
                memory.attended())
            .launch(Attention.tileBound(bucket.tokens(), bucket.sequences())));
  }

  /** LayerNorms quantize by themselves; what attention and GELU give must be. */
  private void quantizeFor(PlacedWeights.Linear linear, long halves) {
    if (linear.inBytes()) {
      launches.add(
          new Quantize(shape(), halves, linear.k(), memory.bytes(), memory.scales())
              .launch(bucket.tokens()));
    }
  }

  /**
   * The residual was added by the product before.
   *
   * @param next the product of what it gives, whose precision it comes in
   */
  private void norm(PlacedWeights.Norm norm, Optional<PlacedWeights.Linear> next) {
    launches.add(
        new Norm(
                shape(),
                memory.sum(),
                0,
                0,
                norm.gain(),
                norm.shift(),
                dims.epsilon(),
                dims.hidden(),
                memory.x(),
                next.map(PlacedWeights.Linear::factors).orElse(0L),
                next.isPresent() ? memory.bytes() : 0,
                next.isPresent() ? memory.scales() : 0)
            .launch(bucket.tokens()));
  }

  private void pool(EncoderOutput.Vectors vectors) {
    launches.add(
        new Pool(
                shape(),
                memory.input() + block.starts(),
                memory.x(),
                dims.hidden(),
                vectors.dims(),
                vectors.pooling(),
                vectors.normalize(),
                memory.vectors(),
                0,
                0,
                0)
            .launch(bucket.sequences()));
  }

  private void head(DeviceHead head) {
    long starts = memory.input() + block.starts();
    launches.add(
        head(head.dense(), starts, memory.x(), head.activation(), memory.dense())
            .launch(bucket.sequences()));
    launches.add(
        head(head.labels(), 0, memory.dense(), Activation.NONE, memory.vectors())
            .launch(bucket.sequences()));
  }

  private Head head(
      PlacedWeights.Linear linear, long starts, long from, Activation activation, long to) {
    return new Head(
        shape(),
        starts,
        from,
        linear.weight(),
        linear.bias(),
        linear.n(),
        linear.k(),
        activation,
        to);
  }
}
