// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.derive;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.models.child.ParentWatch;
import dev.sluice.models.engine.EngineException;
import dev.sluice.models.fidelity.FidelityMeter;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/**
 * The child process of a {@link Workshop}: makes one variant, tells how far it is, and ends with a
 * verdict as one line of JSON. Arguments: the recipe's class name, the file that holds the order,
 * the folder to put the variant into.
 */
public final class Main {
  /** Begins the line of the verdict, wherever in the output it stands. */
  static final String VERDICT = "SLUICE-MADE ";

  private Main() {}

  public static void main(String[] args) throws IOException {
    PrintStream out = System.out;
    ParentWatch.start();
    String reason = problem(out, args[0], Files.readAllBytes(Path.of(args[1])), Path.of(args[2]));
    ObjectNode verdict = new ObjectMapper().createObjectNode().put("reason", reason);
    print(out, "\n" + VERDICT + verdict + "\n");
    // Threads that a native library left behind must not keep the process.
    Runtime.getRuntime().halt(0);
  }

  private static String problem(PrintStream out, String recipe, byte[] order, Path folder)
      throws IOException {
    try {
      new Making(recipe(recipe), new FidelityMeter(System::nanoTime))
          .make(
              OrderJson.read(order),
              folder,
              (step, share) -> print(out, "\n" + Steps.line(step, share) + "\n"));
      return "";
    } catch (EngineException e) {
      return Objects.requireNonNullElse(e.getMessage(), "no reason was given");
    } catch (InterruptedException e) {
      return "it was interrupted";
    } catch (ReflectiveOperationException
        | RuntimeException
        | LinkageError
        | AssertionError
        | StackOverflowError e) {
      e.printStackTrace(out);
      return "an unforeseen failure: " + e;
    }
  }

  static Recipe recipe(String name) throws ReflectiveOperationException {
    return Class.forName(name).asSubclass(Recipe.class).getDeclaredConstructor().newInstance();
  }

  private static void print(PrintStream out, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.write(bytes, 0, bytes.length);
    out.flush();
  }
}
