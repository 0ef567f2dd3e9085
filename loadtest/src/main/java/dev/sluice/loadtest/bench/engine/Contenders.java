// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.bench.engine;

import dev.sluice.models.derive.Order;
import dev.sluice.models.derive.Receipt;
import dev.sluice.models.derive.StandardRecipe;
import dev.sluice.models.derive.Workshop;
import dev.sluice.models.engine.DjlEngines;
import dev.sluice.models.engine.EngineException;
import dev.sluice.models.engine.Engines;
import dev.sluice.models.engine.Graph;
import dev.sluice.models.spec.FidelityBudget;
import dev.sluice.models.spec.ModelSpec;
import dev.sluice.models.spec.QuantScheme;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** All ways to run one model, loaded at the same time. */
final class Contenders implements AutoCloseable {
  private final ModelSpec model;
  private final Path folder;
  private final int cores;
  private final Consumer<String> progress;
  private final List<Contender> all = new ArrayList<>();

  /**
   * @param folder for what is derived from the model; the caller's to delete
   */
  Contenders(ModelSpec model, Path folder, int cores, Consumer<String> progress) {
    this.model = model;
    this.folder = folder;
    this.cores = cores;
    this.progress = progress;
  }

  /** Makes and loads them; the first two are the engine as it comes. */
  List<Contender> load() throws EngineException, IOException, InterruptedException {
    Engines lanes = new DjlEngines();
    add(Kind.STOCK, DjlEngines.asTheyCome().load(model), 1, Optional.empty());
    add(Kind.STOCK_LANES, lanes.load(model), cores, Optional.empty());
    derive(lanes, Kind.FP32, Order.FP32, Optional.empty());
    derive(lanes, Kind.INT8_DYNAMIC, Order.INT8, Optional.of(QuantScheme.DYNAMIC));
    derive(lanes, Kind.INT8_STATIC, Order.INT8, Optional.of(QuantScheme.STATIC));
    derive(lanes, Kind.INT8_PER_TOKEN, Order.INT8, Optional.of(QuantScheme.PER_TOKEN));
    derive(lanes, Kind.INT8, Order.INT8, Optional.empty());
    return List.copyOf(all);
  }

  private void derive(Engines lanes, Kind kind, String variant, Optional<QuantScheme> scheme)
      throws EngineException, IOException, InterruptedException {
    progress.accept("making: " + kind.words());
    Path made = Files.createDirectory(folder.resolve(kind.name()));
    Order order = new Order(model, variant, scheme, FidelityBudget.DEFAULT, Optional.empty());
    Receipt receipt = new Workshop(StandardRecipe.class).make(order, made, (step, share) -> {});
    Graph graph = lanes.load(model.withFile(made.resolve(receipt.file()), model.text()));
    add(kind, graph, cores, Optional.of(receipt));
  }

  private void add(Kind kind, Graph graph, int lanes, Optional<Receipt> receipt) {
    all.add(new Contender(kind, graph, lanes, receipt));
  }

  @Override
  public void close() {
    all.forEach(Contender::close);
  }
}
