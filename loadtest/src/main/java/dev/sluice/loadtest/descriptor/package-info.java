// SPDX-License-Identifier: Apache-2.0
/**
 * Where the description of a method comes from: {@code .proto} files, a compiled set of them, or
 * the server's reflection. Everything read is bounded.
 */
@NullMarked
package dev.sluice.loadtest.descriptor;

import org.jspecify.annotations.NullMarked;
