// SPDX-License-Identifier: Apache-2.0
/**
 * The path of a request between the transports and the models: validate, route, admit, encode,
 * split.
 */
@NullMarked
package dev.sluice.server.core;

import org.jspecify.annotations.NullMarked;
