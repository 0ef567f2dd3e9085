// SPDX-License-Identifier: Apache-2.0
@NullMarked
package dev.sluice.models.cuda;

import org.jspecify.annotations.NullMarked;
