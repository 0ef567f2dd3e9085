// SPDX-License-Identifier: Apache-2.0
@NullMarked
package dev.sluice.models.torchscript;

import org.jspecify.annotations.NullMarked;
