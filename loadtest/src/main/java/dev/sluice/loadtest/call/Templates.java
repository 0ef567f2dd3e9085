// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.call;

import com.google.protobuf.Descriptors.MethodDescriptor;
import java.time.InstantSource;
import java.util.Map;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/**
 * What templates of one worker draw on; not for several threads, as generators are not.
 *
 * @param env values of environment variables; empty for those that there are not
 * @param functions whether templates have more functions than Go's own
 * @param enabled whether call data is a template at all
 */
public record Templates(
    RandomGenerator random,
    InstantSource clock,
    Function<String, String> env,
    boolean functions,
    boolean enabled) {

  /** What the templates of one call know; draws its UUID. */
  public CallContext context(MethodDescriptor method, String workerId, long requestNumber) {
    return new CallContext(
        method, workerId, requestNumber, clock.instant(), RandomFunctions.uuid(random));
  }

  Template parse(String text) {
    Map<String, Functions.Function> known =
        functions ? Functions.all(random, clock, env) : Functions.builtIn();
    return Template.parse(text, known);
  }
}
