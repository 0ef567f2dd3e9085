// SPDX-License-Identifier: Apache-2.0
/**
 * Loads a model in a process of its own first: a file that makes a native parser crash, hang or eat
 * its heap then ends that process and not the server.
 */
@NullMarked
package dev.sluice.models.probe;

import org.jspecify.annotations.NullMarked;
