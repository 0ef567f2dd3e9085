// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.probe;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.models.engine.EngineException;
import dev.sluice.models.serving.LoadedModel;
import dev.sluice.models.serving.ModelLoader;
import dev.sluice.models.spec.ModelSpec;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The child process of a {@link LoadProbe}: loads one model, frees it, and prints its verdict as
 * one line of JSON. Arguments: the loader's class name, the file that holds the spec.
 */
public final class ProbeMain {
  /** Begins the line of the verdict, wherever in the output it stands. */
  static final String VERDICT = "SLUICE-PROBE ";

  private static final int ORPHANED = 4;

  private ProbeMain() {}

  public static void main(String[] args) throws IOException {
    PrintStream out = System.out;
    Thread.ofPlatform().daemon().name("parent-watch").start(ProbeMain::endWithParent);
    bePickedFirstWhenMemoryEnds();
    String reason = problem(args[0], Files.readAllBytes(Path.of(args[1])));
    ObjectNode verdict = new ObjectMapper().createObjectNode();
    verdict.put("passed", reason.isEmpty()).put("reason", reason);
    out.write(("\n" + VERDICT + verdict + "\n").getBytes(StandardCharsets.UTF_8));
    out.flush();
    // Threads that a native library left behind must not keep the process.
    Runtime.getRuntime().halt(0);
  }

  /** The server holds the other end of the input; however it ends, a hung load must not go on. */
  private static void endWithParent() {
    try {
      while (System.in.read() >= 0) {
        // Nothing is ever sent.
      }
    } catch (IOException e) {
      // As good as its end.
    }
    Runtime.getRuntime().halt(ORPHANED);
  }

  /** Native memory has no bound; where a model takes it all, the server must not be what goes. */
  private static void bePickedFirstWhenMemoryEnds() {
    try {
      Files.writeString(Path.of("/proc/self/oom_score_adj"), "1000");
    } catch (IOException e) {
      // Not on Linux, or not allowed: then the kernel chooses.
      return;
    }
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
      return "loading failed: " + e;
    }
  }
}
