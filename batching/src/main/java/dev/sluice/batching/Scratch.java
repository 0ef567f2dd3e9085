// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching;

/**
 * Arrays that {@link LengthSelection} works in, kept with the window that it is asked about so that
 * choosing makes no garbage. What they hold is good inside of one selection only.
 */
final class Scratch {
  final int[] places = new int[257];
  int[] sorted = new int[0];
  int[] spare = new int[0];
  int[] starts = new int[0];
  long[] rowsOf = new long[0];
  double[] worths = new double[0];
  double[] scores = new double[0];
  double[] urgencies = new double[0];

  void makeRoom(int candidates) {
    if (sorted.length < candidates) {
      int room = Math.max(64, 2 * candidates);
      sorted = new int[room];
      spare = new int[room];
      starts = new int[room];
      rowsOf = new long[room];
      worths = new double[room];
      scores = new double[room];
      urgencies = new double[room];
    }
  }
}
