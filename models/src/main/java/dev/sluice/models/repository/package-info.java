// SPDX-License-Identifier: Apache-2.0
/** A directory on disk, read into model specs. */
@NullMarked
package dev.sluice.models.repository;

import org.jspecify.annotations.NullMarked;
