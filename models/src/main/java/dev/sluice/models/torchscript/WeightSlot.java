// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.torchscript;

/** An attribute of a class that holds a tensor. */
record WeightSlot(String className, String attribute) {}
