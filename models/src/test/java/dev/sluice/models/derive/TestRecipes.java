// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.derive;

import dev.sluice.models.engine.EngineException;
import dev.sluice.models.spec.ModelSpec;
import dev.sluice.models.testing.OnnxModels;
import dev.sluice.models.testing.TextModels;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;

/** Recipes that a child process follows, each with a fate of its own. */
public final class TestRecipes {
  private TestRecipes() {}

  /**
   * Copies the model, and adds a line to the file {@code makings} two folders above it, so that a
   * test can count.
   */
  public static class Copying implements Recipe {
    @Override
    public String version(ModelSpec model) {
      return "1";
    }

    @Override
    public List<String> offered(ModelSpec model) {
      return List.of("int8");
    }

    @Override
    public Made make(Order order, Path folder, VariantMaker.Progress progress)
        throws EngineException, InterruptedException {
      try {
        Path makings = Objects.requireNonNull(order.model().directory().getParent());
        Files.writeString(
            makings.resolve("makings"),
            order.variant() + "\n",
            StandardOpenOption.CREATE,
            StandardOpenOption.APPEND);
        progress.at("copying", 0.5);
        Files.copy(order.model().file(), folder.resolve("model.onnx"));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return new Made("model.onnx", false, "copied", List.of("nothing was left out"));
    }
  }

  /** The same, differently. */
  public static final class Newer extends Copying {
    @Override
    public String version(ModelSpec model) {
      return "2";
    }
  }

  /** Changes what the model is made of while it makes the variant. */
  public static final class Disturbing extends Copying {
    @Override
    public Made make(Order order, Path folder, VariantMaker.Progress progress)
        throws EngineException, InterruptedException {
      Made made = super.make(order, folder, progress);
      OnnxModels.matmul(2, 2, 9, 9, 9, 9).write(order.model().file());
      return made;
    }
  }

  /** Gives a text model other weights. */
  public static final class Falsifying extends Copying {
    @Override
    public Made make(Order order, Path folder, VariantMaker.Progress progress) {
      TextModels.encoder(99).write(folder.resolve("model.onnx"));
      return new Made("model.onnx", false, "falsified", List.of());
    }
  }

  public static final class Refusing extends Copying {
    @Override
    public Made make(Order order, Path folder, VariantMaker.Progress progress)
        throws EngineException {
      throw new EngineException("it has no\nweights");
    }
  }

  /** Writes half of a file and crashes as native code does. */
  public static final class Crashing extends Copying {
    @Override
    public Made make(Order order, Path folder, VariantMaker.Progress progress) {
      try {
        Files.writeString(folder.resolve("model.onnx"), "half of");
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      Runtime.getRuntime().halt(139);
      throw new AssertionError();
    }
  }

  public static final class Greedy extends Copying {
    @Override
    public Made make(Order order, Path folder, VariantMaker.Progress progress) {
      long[][] kept = new long[1 << 12][];
      for (int i = 0; i < kept.length; i++) {
        kept[i] = new long[1 << 17];
      }
      throw new AssertionError(kept.length);
    }
  }

  /** Tells that it has begun, and never ends. */
  public static final class Hanging extends Copying {
    @Override
    public Made make(Order order, Path folder, VariantMaker.Progress progress)
        throws EngineException, InterruptedException {
      progress.at("hanging", 0.1);
      new CountDownLatch(1).await();
      throw new AssertionError();
    }
  }
}
