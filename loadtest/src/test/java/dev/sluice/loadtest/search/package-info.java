// SPDX-License-Identifier: Apache-2.0
@NullMarked
package dev.sluice.loadtest.search;

import org.jspecify.annotations.NullMarked;
