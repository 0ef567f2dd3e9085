// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.repository;

import java.util.List;

/**
 * A tensor whose data lies in another file, as the model file states it.
 *
 * @param locations every one that is given; a file with two means to be read in two ways
 * @param offset as written; empty for the beginning
 * @param length as written; empty for the rest
 * @param bytes what its shape and type need; 0 when that is not known
 */
record ExternalTensor(
    String name, List<String> locations, String offset, String length, long bytes) {}
