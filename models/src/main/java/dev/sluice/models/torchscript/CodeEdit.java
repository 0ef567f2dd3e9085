// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.torchscript;

/** Text that takes the place of a stretch of a file. */
record CodeEdit(int from, int to, String text) {}
