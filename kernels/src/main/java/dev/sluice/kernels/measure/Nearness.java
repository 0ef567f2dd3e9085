// SPDX-License-Identifier: Apache-2.0
package dev.sluice.kernels.measure;

/**
 * How near a vector is to another.
 *
 * @param error length of the difference, relative to the other's length
 */
record Nearness(double cosine, double error) {
  static Nearness of(float[] got, float[] wanted) {
    double dot = 0;
    double gotSquares = 0;
    double wantedSquares = 0;
    double errorSquares = 0;
    for (int i = 0; i < got.length; i++) {
      double difference = (double) got[i] - wanted[i];
      dot += (double) got[i] * wanted[i];
      gotSquares += (double) got[i] * got[i];
      wantedSquares += (double) wanted[i] * wanted[i];
      errorSquares += difference * difference;
    }
    return new Nearness(
        dot / Math.sqrt(gotSquares * wantedSquares), Math.sqrt(errorSquares / wantedSquares));
  }
}
