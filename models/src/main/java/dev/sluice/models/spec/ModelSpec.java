// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.spec;

import dev.sluice.proto.inference.ModelConfig;
import dev.sluice.proto.inference.ModelInstanceGroup;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One version of one model, found and checked on disk but not loaded.
 *
 * @param name as requests spell it
 * @param version as requests spell it; 1 where the folder has no versions
 * @param directory the model's own folder: nothing outside of it may be read for this model
 * @param file the model file, inside the directory; the version's folder where the engine runs none
 * @param config names, types, shapes, batching, instances and warm-up in Triton's terms: read from
 *     {@code config.pbtxt} where there is one. Inputs and outputs that it leaves out are filled in
 *     from the model file when it is loaded
 * @param text how texts become vectors; null unless the task is {@link Task#EMBED}
 * @param cardPrecision where Sluice's own engine for cards runs it
 */
public record ModelSpec(
    String name,
    long version,
    Task task,
    EngineKind engine,
    Path directory,
    Path file,
    ModelConfig config,
    @Nullable TextSpec text,
    ModelSettings settings,
    CardPrecision cardPrecision) {

  public ModelSpec {
    Objects.requireNonNull(name, "name");
    if ((task == Task.EMBED) != (text != null)) {
      throw new IllegalArgumentException("a text spec belongs to the task EMBED, and only there");
    }
  }

  /** In the precision that models have on cards. */
  public ModelSpec(
      String name,
      long version,
      Task task,
      EngineKind engine,
      Path directory,
      Path file,
      ModelConfig config,
      @Nullable TextSpec text,
      ModelSettings settings) {
    this(name, version, task, engine, directory, file, config, text, settings, CardPrecision.FP16);
  }

  /** The same model with its configuration completed. */
  public ModelSpec withConfig(ModelConfig completed) {
    return new ModelSpec(
        name, version, task, engine, directory, file, completed, text, settings, cardPrecision);
  }

  /** The same model with other settings. */
  public ModelSpec withSettings(ModelSettings other) {
    return new ModelSpec(
        name, version, task, engine, directory, file, config, text, other, cardPrecision);
  }

  /** The same model out of another file, which may give its vectors in another way. */
  public ModelSpec withFile(Path otherFile, @Nullable TextSpec otherText) {
    return new ModelSpec(
        name,
        version,
        task,
        engine,
        directory,
        otherFile,
        config,
        otherText,
        settings,
        cardPrecision);
  }

  /** The same model, computed in another precision where it runs on a card. */
  public ModelSpec withCardPrecision(CardPrecision other) {
    return new ModelSpec(
        name, version, task, engine, directory, file, config, text, settings, other);
  }

  /** How many lanes the operator wants it to have, or its instance groups; else as many as said. */
  public int lanes(int otherwise) {
    int instances = 0;
    for (ModelInstanceGroup group : config.getInstanceGroupList()) {
      instances += Math.max(1, group.getCount());
    }
    return Math.max(1, settings.lanes().orElse(instances > 0 ? instances : otherwise));
  }

  /** Whether tensors of this model lead with a batch dimension. */
  public boolean batches() {
    return config.getMaxBatchSize() > 0;
  }
}
