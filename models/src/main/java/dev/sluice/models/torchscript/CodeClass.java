// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.torchscript;

import java.util.List;
import java.util.Map;

/**
 * A class of the archive's code.
 *
 * @param name with its package, as pickles spell it
 * @param attributes by their names
 * @param ownState whether its objects make and read their pickled state themselves
 * @param listings where names of attributes stand in {@code __parameters__} and {@code __buffers__}
 */
record CodeClass(
    String name, Map<String, Attribute> attributes, boolean ownState, List<Listing> listings) {
  static final String TENSOR = "Tensor";

  /**
   * A declared attribute.
   *
   * @param from where its type begins in the file
   * @param to where its type has ended
   */
  record Attribute(String type, int from, int to) {}

  /** A string in a list of names: from its first character to behind the comma after it. */
  record Listing(String attribute, int from, int to) {}
}
