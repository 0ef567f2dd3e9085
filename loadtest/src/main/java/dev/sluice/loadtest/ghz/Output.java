// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.ghz;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Where results go.
 *
 * @param file the report; stdout if empty
 * @param format one of ghz's names
 * @param progress auto, live, lines or none
 */
public record Output(
    Optional<Path> file,
    String format,
    boolean countErrors,
    Optional<Path> debug,
    String progress) {}
