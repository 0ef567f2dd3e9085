// SPDX-License-Identifier: Apache-2.0
/** A core that does as the tests of the front ends say. */
@NullMarked
package dev.sluice.server.transport.scripted;

import org.jspecify.annotations.NullMarked;
