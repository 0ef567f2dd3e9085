// SPDX-License-Identifier: Apache-2.0
@NullMarked
package dev.sluice.models.rewrite;

import org.jspecify.annotations.NullMarked;
