// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.torchscript;

import dev.sluice.models.engine.EngineException;
import dev.sluice.models.torchscript.LayerChoice.Layer;
import dev.sluice.models.torchscript.PickleRewrite.Keys;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ClosedByInterruptException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipException;

/**
 * Makes the linear layers of a TorchScript archive INT8 for the CPU, by rewriting its data and its
 * code; none of it is run. Weights have a scale for each output, activations one for each row,
 * found in each run: an answer does not depend on what else is in its batch. Layers whose weights
 * serve anything else are left as they are.
 *
 * <p>The same archive gives the same bytes. Safe for any number of threads.
 */
public final class TorchScriptQuantizer {
  private static final String DEBUG = ".debug_pkl";
  private static final String IDENTITY = ".data/serialization_id";

  /** Reading all weights once, beside reading them again and writing. */
  private static final double MEASURED = 0.4;

  /** Is told of the steps of the work. */
  @FunctionalInterface
  public interface Progress {
    /**
     * @param step for people
     * @param share of the whole work that is done, 0 to 1; never falls
     */
    void at(String step, double share);
  }

  private final ScriptArchive archive;
  private final Progress progress;

  private TorchScriptQuantizer(ScriptArchive archive, Progress progress) {
    this.archive = archive;
    this.progress = progress;
  }

  /**
   * Writes the INT8 form of an archive. The target appears whole or not at all.
   *
   * @throws EngineException in one line, if the source is no TorchScript archive, is damaged, or
   *     has no linear layer that can be made INT8
   */
  public static TorchScriptReport quantize(Path source, Path target, Progress progress)
      throws EngineException, InterruptedException {
    try (ScriptArchive archive = ScriptArchive.open(source)) {
      return new TorchScriptQuantizer(archive, progress).run(target);
    } catch (EngineException e) {
      throw new EngineException(message(source, String.valueOf(e.getMessage())), e);
    } catch (ClosedByInterruptException e) {
      throw (InterruptedException) new InterruptedException("while quantizing").initCause(e);
    } catch (IOException e) {
      throw new EngineException(message(source, describe(e)), e);
    }
  }

  private static String message(Path source, String why) {
    return source + " cannot be made INT8: " + OneLine.of(why);
  }

  private static String describe(IOException e) {
    return switch (e) {
      case NoSuchFileException missing -> "there is no file " + missing.getMessage();
      case ZipException damaged -> "the archive is cut short or damaged";
      default -> e.getClass().getSimpleName() + ": " + e.getMessage();
    };
  }

  private TorchScriptReport run(Path target)
      throws EngineException, IOException, InterruptedException {
    progress.at("reading", 0);
    if (archive.has(Int8Code.ENTRY)) {
      throw new EngineException("it is INT8 already");
    }
    List<CodeFile> code = archive.code();
    WeightUses uses = WeightUses.of(code);
    PickleValue objects = archive.objects();
    LayerChoice choice =
        LayerChoice.of(
            archive, uses, new ModuleTree(objects), new StepProgress(progress, 0, MEASURED));
    requireAny(choice);
    Map<String, String> changedCode = CodeRewrite.of(code, uses, choice.slots());
    ArchiveWriter.write(
        target, archive.root(), writer -> write(writer, objects, choice.chosen(), changedCode));
    progress.at("done", 1);
    return new TorchScriptReport(choice.chosen().stream().map(Layer::name).toList(), choice.kept());
  }

  private static void requireAny(LayerChoice choice) throws EngineException {
    if (!choice.chosen().isEmpty()) {
      return;
    }
    if (choice.kept().isEmpty()) {
      throw new EngineException("it has no linear layers");
    }
    TorchScriptReport.Kept first = choice.kept().getFirst();
    throw new EngineException(
        "none of its %d linear layers can be; %s: %s"
            .formatted(choice.kept().size(), first.layer(), first.reason()));
  }

  private void write(
      ArchiveWriter writer, PickleValue objects, List<Layer> layers, Map<String, String> code)
      throws EngineException, IOException, InterruptedException {
    StepProgress step = new StepProgress(progress, MEASURED, 1);
    Map<String, Layer> byEntry = new HashMap<>();
    layers.forEach(layer -> byEntry.put(layer.weights().entry(), layer));
    PickleRewrite rewrite = new PickleRewrite();
    Map<String, byte[]> added = new LinkedHashMap<>();
    added.put(Int8Code.ENTRY, Int8Code.text());
    int key = firstFreeKey();
    for (Layer layer : layers) {
      Keys keys = new Keys(Integer.toString(key++), Integer.toString(key++));
      rewrite.replace(layer, keys);
      added.put("data/" + keys.scales(), littleEndian(layer.scales()));
      added.put("data/" + keys.zeroPoints(), new byte[8 * layer.scales().size()]);
    }
    List<String> names = archive.names();
    int done = 0;
    for (String name : names) {
      step.at("writing", done++, names.size());
      Layer layer = byEntry.get(name);
      String changed = code.get(name);
      if (name.equals(ScriptArchive.OBJECTS)) {
        writer.add(name, PickleWriter.write(rewrite.apply(objects)));
      } else if (changed != null) {
        writer.add(name, changed.getBytes(StandardCharsets.ISO_8859_1));
      } else if (layer != null) {
        writer.add(name, layer.weights().quantized(archive, layer.scales()));
      } else if (!isStale(name, code)) {
        writer.copy(archive, name);
      }
    }
    for (Map.Entry<String, byte[]> entry : added.entrySet()) {
      writer.add(entry.getKey(), entry.getValue());
    }
  }

  /** What describes code that has changed, and the number that stands for the old content. */
  private static boolean isStale(String name, Map<String, String> code) {
    return name.equals(IDENTITY)
        || (name.endsWith(DEBUG)
            && code.containsKey(name.substring(0, name.length() - DEBUG.length())));
  }

  private int firstFreeKey() {
    return archive.names().stream()
            .filter(name -> name.matches("data/\\d{1,9}"))
            .mapToInt(name -> Integer.parseInt(name.substring("data/".length())))
            .max()
            .orElse(-1)
        + 1;
  }

  private static byte[] littleEndian(List<Double> values) {
    ByteBuffer buffer = ByteBuffer.allocate(8 * values.size()).order(ByteOrder.LITTLE_ENDIAN);
    for (double value : values) {
      buffer.putDouble(value);
    }
    return buffer.array();
  }
}
