// SPDX-License-Identifier: Apache-2.0
/** Whole servers, real sockets, generated clients, real models. */
@NullMarked
package dev.sluice.server.endtoend;

import org.jspecify.annotations.NullMarked;
