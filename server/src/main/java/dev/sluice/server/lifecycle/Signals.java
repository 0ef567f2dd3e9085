// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.lifecycle;

import java.lang.reflect.Proxy;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Ctrl-C and SIGTERM: the first lets the waiter go on to drain, the second ends the process at
 * once. Not a shutdown hook, so that a clean drain can exit with status 0 and a second signal is
 * heard. The JDK's signal API is reached by reflection, because javac warns of any direct use of it
 * and warnings are errors here.
 */
public final class Signals {
  private final CountDownLatch stop = new CountDownLatch(1);
  private final AtomicBoolean heard = new AtomicBoolean();

  private Signals() {}

  /**
   * Takes over INT and TERM.
   *
   * @param onSecond ends the process without waiting for anything
   */
  public static Signals install(Runnable onSecond) {
    Signals signals = new Signals();
    for (String name : new String[] {"INT", "TERM"}) {
      handle(name, () -> signals.heard(onSecond));
    }
    return signals;
  }

  private static void handle(String name, Runnable action) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Object proxy =
          Proxy.newProxyInstance(
              Signals.class.getClassLoader(),
              new Class<?>[] {handler},
              (self, method, arguments) -> {
                if (method.getName().equals("handle")) {
                  action.run();
                }
                return null;
              });
      signal
          .getMethod("handle", signal, handler)
          .invoke(null, signal.getConstructor(String.class).newInstance(name), proxy);
    } catch (ReflectiveOperationException absent) {
      throw new IllegalStateException("this Java runtime has no signal handling", absent);
    }
  }

  private void heard(Runnable onSecond) {
    if (heard.compareAndSet(false, true)) {
      stop.countDown();
    } else {
      onSecond.run();
    }
  }

  /** As if the first signal had come, without counting as one. */
  public void raise() {
    stop.countDown();
  }

  /** Returns once the first signal has come. */
  public void await() throws InterruptedException {
    stop.await();
  }
}
