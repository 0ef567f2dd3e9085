// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.ghz;

import java.util.List;
import java.util.Map;

/**
 * All that a run is told, checked: what ghz knows under the names that ghz has for it, and what it
 * does not in {@link Truth} and {@link Inference}.
 */
public record Options(
    String host,
    String name,
    Map<String, String> tags,
    Method method,
    Security security,
    Load load,
    Payload payload,
    Wire wire,
    Output output,
    Truth truth,
    Inference inference) {

  public Options with(Load other) {
    return new Options(
        host, name, tags, method, security, other, payload, wire, output, truth, inference);
  }

  /**
   * Reads a command line, and the configuration file if it names one.
   *
   * @param processors how many CPUs there are
   * @throws OptionsException with what is wrong, in one line
   */
  public static Options read(List<String> args, int processors) {
    Options options = OptionsReader.read(args, processors);
    OptionsCheck.check(options);
    return options;
  }
}
