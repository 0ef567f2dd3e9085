// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.probe;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.models.child.ParentWatch;
import dev.sluice.models.child.SpecJson;
import dev.sluice.models.engine.EngineException;
import dev.sluice.models.serving.LoadedModel;
import dev.sluice.models.serving.ModelLoader;
import dev.sluice.models.spec.ModelSpec;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/**
 * The child process of a {@link LoadProbe}: loads one model, frees it, and prints its verdict as
 * one line of JSON. Arguments: the loader's class name, the file that holds the spec.
 */
public final class ProbeMain {
  /** Begins the line of the verdict, wherever in the output it stands. */
  static final String VERDICT = "SLUICE-PROBE ";

  private ProbeMain() {}

  public static void main(String[] args) throws IOException {
    PrintStream out = System.out;
    ParentWatch.start();
    String reason = problem(args[0], Files.readAllBytes(Path.of(args[1])));
    ObjectNode verdict = new ObjectMapper().createObjectNode();
    verdict.put("passed", reason.isEmpty()).put("reason", reason);
    out.write(("\n" + VERDICT + verdict + "\n").getBytes(StandardCharsets.UTF_8));
    out.flush();
    // Threads that a native library left behind must not keep the process.
    Runtime.getRuntime().halt(0);
  }

  private static String problem(String loaderClass, byte[] json) throws IOException {
    ModelSpec spec = SpecJson.read(json);
    try {
      ModelLoader loader =
          Class.forName(loaderClass)
              .asSubclass(ModelLoader.class)
              .getDeclaredConstructor()
              .newInstance();
      try (LoadedModel model = loader.load(spec)) {
        return model == null ? "the loader gave no model" : "";
      }
    } catch (EngineException e) {
      String reason = e.getMessage();
      return reason == null || reason.isEmpty() ? "the engine gave no reason" : reason;
    } catch (ReflectiveOperationException
        | RuntimeException
        | LinkageError
        | AssertionError
        | StackOverflowError e) {
      // The reason reaches clients too, so it names no class.
      return "loading failed: " + Objects.requireNonNullElse(e.getMessage(), "no reason was given");
    }
  }
}
