// SPDX-License-Identifier: Apache-2.0
/** The model that is served when the operator names none. */
@NullMarked
package dev.sluice.models.embedded;

import org.jspecify.annotations.NullMarked;
