// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.scripted;

import dev.sluice.models.tensor.DType;
import dev.sluice.models.tensor.TensorSpec;
import dev.sluice.proto.inference.ModelConfig;
import dev.sluice.server.core.Catalog;
import dev.sluice.server.core.ModelDescription;
import dev.sluice.server.core.ModelStatistics;
import dev.sluice.server.core.ModelStatus;
import dev.sluice.server.core.Problem;
import dev.sluice.server.core.ProblemException;
import dev.sluice.server.core.Reply;
import dev.sluice.server.core.VariantStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A catalog of models that only differ in name: an input and an output "x" of FP32 [-1, 3], with
 * labels. One lock over everything.
 */
public final class ScriptedCatalog implements Catalog {
  public static final long LOADED_MILLIS = 1_700_000_000_500L;

  private final Map<String, ModelStatus> models = new TreeMap<>();
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
  private final List<String> log = new ArrayList<>();
  private boolean ready = true;

  public ScriptedCatalog() {
    for (String name : List.of("echo", "hold", "busy", "throws", "broken")) {
      models.put(name, new ModelStatus(name, "2", ModelStatus.State.READY, "", LOADED_MILLIS));
    }
    models.put("cold", new ModelStatus("cold", "1", ModelStatus.State.LOADING, "warming up"));
  }

  public void setReady(boolean value) {
    synchronized (this) {
      ready = value;
    }
    listeners.forEach(Runnable::run);
  }

  public void setState(String name, ModelStatus.State state) {
    synchronized (this) {
      models.put(name, new ModelStatus(name, "2", state, ""));
    }
    listeners.forEach(Runnable::run);
  }

  public void remove(String name) {
    synchronized (this) {
      models.remove(name);
    }
    listeners.forEach(Runnable::run);
  }

  public synchronized List<String> log() {
    return List.copyOf(log);
  }

  @Override
  public Optional<String> lost() {
    return Optional.empty();
  }

  @Override
  public synchronized boolean ready() {
    return ready;
  }

  @Override
  public synchronized boolean modelReady(String name, String version) {
    ModelStatus model = models.get(name);
    return model != null
        && model.state() == ModelStatus.State.READY
        && (version.isEmpty() || version.equals(model.version()));
  }

  @Override
  public synchronized ModelDescription describe(String name, String version) {
    ModelStatus model = models.get(name);
    if (model == null || !(version.isEmpty() || version.equals(model.version()))) {
      throw new ProblemException(new Problem.NotFound("there is no such model"));
    }
    if (model.state() != ModelStatus.State.READY) {
      throw new ProblemException(
          new Problem.Unavailable("the model is loading", Duration.ofSeconds(2)));
    }
    TensorSpec x = new TensorSpec("x", DType.FP32, List.of(-1L, 3L));
    TensorSpec text = new TensorSpec("text", DType.BYTES, List.of(-1L));
    return new ModelDescription(
        name,
        model.version(),
        List.of(model.version()),
        "test",
        List.of(x),
        List.of(x, text),
        ModelConfig.newBuilder().setName(name).setMaxBatchSize(8).build(),
        Map.of("x", List.of("cat", "dog")),
        List.of(new VariantStatus("fp32", VariantStatus.State.READY, "", 1, "", null)));
  }

  @Override
  public synchronized List<ModelStatus> index() {
    return List.copyOf(models.values());
  }

  @Override
  public synchronized List<ModelStatistics> statistics(String name, String version) {
    if (!name.isEmpty() && !models.containsKey(name)) {
      throw new ProblemException(new Problem.NotFound("there is no such model"));
    }
    return models.values().stream()
        .filter(model -> name.isEmpty() || model.name().equals(name))
        .map(ScriptedCatalog::counts)
        .toList();
  }

  private static ModelStatistics counts(ModelStatus model) {
    return new ModelStatistics(
        model.name(),
        model.version(),
        77,
        64,
        8,
        sum(1),
        sum(2),
        sum(3),
        sum(4),
        sum(5),
        sum(6),
        List.of(new ModelStatistics.Batch(8, sum(7))));
  }

  private static ModelStatistics.Sum sum(int count) {
    return new ModelStatistics.Sum(count, count * 100L);
  }

  @Override
  public void load(String name, Reply<String> reply) {
    change("load " + name, name, reply);
  }

  @Override
  public void unload(String name, Reply<String> reply) {
    change("unload " + name, name, reply);
  }

  private void change(String what, String name, Reply<String> reply) {
    boolean known;
    synchronized (this) {
      log.add(what);
      known = models.containsKey(name);
    }
    if (known) {
      reply.ok("2");
    } else {
      reply.failed(new Problem.NotFound("there is no such model in the repository"));
    }
  }

  @Override
  public void onChange(Runnable listener) {
    listeners.add(listener);
  }
}
