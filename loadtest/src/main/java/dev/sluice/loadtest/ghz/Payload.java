// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.ghz;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * What calls carry.
 *
 * @param functions whether templates have functions
 * @param templates whether call data is a template at all
 */
public record Payload(
    Source data, Source metadata, Streaming streaming, boolean functions, boolean templates) {

  /** Where data is; of several that were given, the one that ghz prefers. */
  public sealed interface Source {}

  /** None was given: an empty message, no metadata. */
  public record None() implements Source {}

  /** JSON that was given with the options. */
  public record Inline(String json) implements Source {}

  /** JSON in a file, or on stdin if there is none. */
  public record JsonFile(Optional<Path> file) implements Source {}

  /** Serialized messages in a file, or on stdin if there is none. */
  public record Binary(Optional<Path> file) implements Source {}

  /** How streams go; zeros are not given. */
  public record Streaming(
      Duration interval, Duration callDuration, int callCount, boolean dynamicMessages) {}
}
