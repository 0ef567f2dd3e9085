// SPDX-License-Identifier: Apache-2.0
@NullMarked
package dev.sluice.models.tensor;

import org.jspecify.annotations.NullMarked;
