// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.probe;

import dev.sluice.models.engine.EngineException;
import dev.sluice.models.engine.GraphLane;
import dev.sluice.models.serving.LoadedModel;
import dev.sluice.models.serving.ModelLoader;
import dev.sluice.models.serving.TensorModel;
import dev.sluice.models.spec.ModelSpec;
import dev.sluice.models.tensor.TensorSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** Loaders that a child process runs, each with a fate of its own. */
final class TestLoaders {
  private TestLoaders() {}

  /** Adds a letter to the model file, so that a test can count its runs. */
  public static final class Passing implements ModelLoader {
    @Override
    public LoadedModel load(ModelSpec spec) {
      try {
        Files.writeString(spec.file(), "x", StandardOpenOption.APPEND);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return new Model(spec);
    }
  }

  /** Says in its refusal what reached it. */
  public static final class Echoing implements ModelLoader {
    @Override
    public LoadedModel load(ModelSpec spec) throws EngineException {
      throw new EngineException(
          spec + " ORT_DISABLE_TELEMETRY=" + System.getenv("ORT_DISABLE_TELEMETRY"));
    }
  }

  public static final class Throwing implements ModelLoader {
    @Override
    public LoadedModel load(ModelSpec spec) {
      throw new IllegalStateException("no such\noperator");
    }
  }

  public static final class Halting implements ModelLoader {
    @Override
    public LoadedModel load(ModelSpec spec) {
      Runtime.getRuntime().halt(139);
      return new Model(spec);
    }
  }

  public static final class Exiting implements ModelLoader {
    @Override
    public LoadedModel load(ModelSpec spec) {
      System.out.println("the library gave up");
      System.out.flush();
      Runtime.getRuntime().halt(7);
      return new Model(spec);
    }
  }

  /** Writes to address 0, as a native parser with a defect might. */
  public static final class Crashing implements ModelLoader {
    @Override
    public LoadedModel load(ModelSpec spec) {
      try {
        Class<?> type = Class.forName("sun.misc.Unsafe");
        Field field = type.getDeclaredField("theUnsafe");
        field.setAccessible(true);
        type.getMethod("putAddress", long.class, long.class).invoke(field.get(null), 0L, 0L);
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException(e);
      }
      return new Model(spec);
    }
  }

  /** Crashes after the model was loaded. */
  public static final class CrashingOnClose implements ModelLoader {
    @Override
    public LoadedModel load(ModelSpec spec) {
      return new Model(spec) {
        @Override
        public void close() {
          new Crashing().load(spec());
        }
      };
    }
  }

  public static final class Hanging implements ModelLoader {
    @Override
    public LoadedModel load(ModelSpec spec) {
      try {
        new CountDownLatch(1).await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      return new Model(spec);
    }
  }

  /** Leaves a file to say that it runs, and hangs. */
  public static final class Announcing implements ModelLoader {
    @Override
    public LoadedModel load(ModelSpec spec) {
      try {
        Files.createFile(spec.directory().resolve("loading"));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return new Hanging().load(spec);
    }
  }

  public static final class Asserting implements ModelLoader {
    @Override
    public LoadedModel load(ModelSpec spec) {
      throw new AssertionError("no library for this machine");
    }
  }

  public static final class Greedy implements ModelLoader {
    @Override
    public LoadedModel load(ModelSpec spec) {
      List<byte[]> kept = new ArrayList<>();
      while (kept.size() < 1 << 20) {
        kept.add(new byte[1 << 20]);
      }
      return new Model(spec);
    }
  }

  public static final class Noisy implements ModelLoader {
    @Override
    public LoadedModel load(ModelSpec spec) {
      System.out.print("noise ".repeat(1 << 18));
      System.err.print("noise ".repeat(1 << 18));
      return new Model(spec);
    }
  }

  private static class Model implements TensorModel {
    private final ModelSpec spec;

    Model(ModelSpec spec) {
      this.spec = spec;
    }

    @Override
    public ModelSpec spec() {
      return spec;
    }

    @Override
    public String variant() {
      return "fp32";
    }

    @Override
    public List<TensorSpec> inputs() {
      return List.of();
    }

    @Override
    public List<TensorSpec> outputs() {
      return List.of();
    }

    @Override
    public GraphLane newLane() {
      throw new UnsupportedOperationException("never run");
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
    public void close() {}
  }
}
