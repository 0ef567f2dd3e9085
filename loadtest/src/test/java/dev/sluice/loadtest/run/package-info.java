// SPDX-License-Identifier: Apache-2.0
@NullMarked
package dev.sluice.loadtest.run;

import org.jspecify.annotations.NullMarked;
