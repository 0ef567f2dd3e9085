// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest;

import dev.sluice.loadtest.command.Interrupts;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The signals INT and TERM. Java has no way of its own to hear of them more than once; {@code
 * sun.misc.Signal}, of the module jdk.unsupported, has. Where that is missing they end the process
 * as they always do.
 */
final class Signals implements Interrupts {
  private static final int INTERRUPTED = 130;

  @Override
  public void onFirst(Runnable task) {
    AtomicInteger heard = new AtomicInteger();
    Runnable hear =
        () -> {
          if (heard.incrementAndGet() == 1) {
            task.run();
          } else {
            Runtime.getRuntime().halt(INTERRUPTED);
          }
        };
    for (String signal : List.of("INT", "TERM")) {
      handle(signal, hear);
    }
  }

  private static void handle(String name, Runnable hear) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Object hearing =
          Proxy.newProxyInstance(
              handler.getClassLoader(),
              new Class<?>[] {handler},
              (proxy, method, args) -> {
                hear.run();
                return null;
              });
      signal
          .getMethod("handle", signal, handler)
          .invoke(null, signal.getConstructor(String.class).newInstance(name), hearing);
    } catch (ReflectiveOperationException unavailable) {
      // Then the process just ends.
    }
  }
}
