// SPDX-License-Identifier: Apache-2.0
/** What this machine offers, and what is wrong with it. */
@NullMarked
package dev.sluice.server.doctor;

import org.jspecify.annotations.NullMarked;
