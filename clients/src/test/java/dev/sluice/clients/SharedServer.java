// SPDX-License-Identifier: Apache-2.0
package dev.sluice.clients;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Hands one server to every test that asks; it starts with the first and ends after the last. */
final class SharedServer implements ParameterResolver {
  private static final ExtensionContext.Namespace HERE =
      ExtensionContext.Namespace.create(SharedServer.class);

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext test) {
    return parameter.getParameter().getType() == RunningServer.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext test) {
    return test.getRoot()
        .getStore(HERE)
        .computeIfAbsent(RunningServer.class, type -> start(), RunningServer.class);
  }

  private static RunningServer start() {
    try {
      return RunningServer.embeddedModel();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
