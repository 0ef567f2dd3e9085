// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.ghz;

import java.nio.file.Path;
import java.util.Optional;

/** Whom to trust and who to be; empty texts are not given. */
public record Security(
    Optional<Path> cacert,
    Optional<Path> cert,
    Optional<Path> key,
    String cname,
    boolean skipTls,
    boolean insecure,
    String authority) {}
