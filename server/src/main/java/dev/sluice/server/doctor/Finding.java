// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.doctor;

import java.util.Optional;

/**
 * One line of the report.
 *
 * @param topic one or two words
 * @param text the fact, for the operator
 * @param remedy what to do; present for every problem
 */
public record Finding(Level level, String topic, String text, Optional<String> remedy) {
  /** How bad it is. */
  public enum Level {
    /** As it should be. */
    OK,
    /** Good to know; works. */
    NOTE,
    /** Something will not work until it is changed. */
    PROBLEM
  }

  public static Finding ok(String topic, String text) {
    return new Finding(Level.OK, topic, text, Optional.empty());
  }

  public static Finding note(String topic, String text) {
    return new Finding(Level.NOTE, topic, text, Optional.empty());
  }

  public static Finding problem(String topic, String text, String remedy) {
    return new Finding(Level.PROBLEM, topic, text, Optional.of(remedy));
  }
}
