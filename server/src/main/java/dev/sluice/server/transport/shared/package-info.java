// SPDX-License-Identifier: Apache-2.0
/**
 * What the front ends have in common and no wire decides: the checks of the Open Inference
 * Protocol's messages, classification, log and trace settings, and how refusals are worded.
 */
@NullMarked
package dev.sluice.server.transport.shared;

import org.jspecify.annotations.NullMarked;
