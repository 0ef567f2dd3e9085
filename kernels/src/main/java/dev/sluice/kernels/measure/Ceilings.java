// SPDX-License-Identifier: Apache-2.0
package dev.sluice.kernels.measure;

import java.util.Optional;

/**
 * What bounds every kernel on this card.
 *
 * @param copyBytes bytes per second that a copy inside of the card reads and writes together
 * @param peak of the matrix units, by arithmetic; empty for a kind of card that is not known
 * @param halfProduct operations per second of the best large product of halves here
 * @param byteProduct the same of signed bytes
 */
public record Ceilings(
    double copyBytes, Optional<Peak> peak, double halfProduct, double byteProduct) {

  /** Operations per second. */
  public record Peak(double halves, double bytes) {}

  /** What shares are of: the peak, or the best product where that is not known. */
  public double halves() {
    return peak.map(Peak::halves).orElse(halfProduct);
  }

  /** As {@link #halves}. */
  public double bytes() {
    return peak.map(Peak::bytes).orElse(byteProduct);
  }
}
