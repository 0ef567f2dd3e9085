// SPDX-License-Identifier: Apache-2.0
/**
 * Which part may know which: the arrows of docs/architecture.md, checked on the compiled classes.
 */
@NullMarked
package dev.sluice.server.architecture;

import org.jspecify.annotations.NullMarked;
