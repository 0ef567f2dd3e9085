// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.ghz;

import java.util.List;

/**
 * One flag, which is a key of configuration files too.
 *
 * @param letter the short form, or a space
 * @param preset what holds if neither the command line nor a file says anything
 * @param filePreset what holds in a run with a configuration file that does not say it; differs for
 *     two of ghz's flags only
 * @param inFile whether files have the key
 * @param choices what a {@link Kind#CHOICE} may be
 */
record Flag(
    String name,
    char letter,
    Kind kind,
    String preset,
    String filePreset,
    boolean inFile,
    List<String> choices,
    String help) {
  static final char NO_LETTER = ' ';

  static Flag flag(String name, char letter, Kind kind, String preset, String help) {
    return new Flag(name, letter, kind, preset, preset, true, List.of(), help);
  }

  static Flag flag(String name, Kind kind, String preset, String help) {
    return flag(name, NO_LETTER, kind, preset, help);
  }

  static Flag choice(String name, char letter, List<String> choices, String help) {
    String first = choices.get(0);
    return new Flag(name, letter, Kind.CHOICE, first, first, true, choices, help);
  }

  Flag inFiles(String otherPreset) {
    return new Flag(name, letter, kind, preset, otherPreset, true, choices, help);
  }

  Flag notInFiles() {
    return new Flag(name, letter, kind, preset, filePreset, false, choices, help);
  }
}
