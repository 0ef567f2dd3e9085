// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.ghz;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is called, and where its description comes from: {@code proto} if given, else {@code
 * protoset}, else the server's reflection.
 */
public record Method(
    String call,
    Optional<Path> proto,
    List<Path> importPaths,
    Optional<Path> protoset,
    Map<String, String> reflectMetadata) {}
