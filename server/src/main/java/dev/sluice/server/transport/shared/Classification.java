// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.shared;

import com.google.protobuf.ByteString;
import dev.sluice.models.tensor.DType;
import dev.sluice.models.tensor.Tensor;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * The classification extension: in place of a tensor of scores, the highest of them as BYTES
 * elements {@code value:index} or {@code value:index:label}, best first, ties by index.
 */
public final class Classification {
  private final Scores scores;
  private final List<String> labels;

  private Classification(Scores scores, List<String> labels) {
    this.scores = scores;
    this.labels = labels;
  }

  public static boolean possible(DType type) {
    return type != DType.BYTES && type != DType.BOOL;
  }

  /**
   * @param batched whether the first dimension counts rows that are classified each for itself
   * @param top how many classes; all of them when there are fewer
   */
  public static Tensor of(Tensor tensor, boolean batched, int top, List<String> labels) {
    boolean rowwise = batched && tensor.rank() > 0;
    int rows = rowwise ? Math.toIntExact(tensor.dim(0)) : 1;
    int width = rows == 0 ? 0 : Math.toIntExact(tensor.elements() / rows);
    int kept = Math.min(top, width);
    Classification classification = new Classification(Scores.of(tensor), labels);
    List<ByteString> texts = new ArrayList<>();
    for (int row = 0; row < rows; row++) {
      classification.best(row * width, width, kept, texts);
    }
    ByteBuffer data = BytesElements.join(texts, "outputs");
    return new Tensor(DType.BYTES, rowwise ? new long[] {rows, kept} : new long[] {kept}, data);
  }

  private void best(int start, int width, int kept, List<ByteString> texts) {
    if (kept == 0) {
      return;
    }
    Comparator<Integer> worstFirst =
        (a, b) -> {
          int byScore = scores.compare(start + a, start + b);
          return byScore != 0 ? byScore : Integer.compare(b, a);
        };
    PriorityQueue<Integer> heap = new PriorityQueue<>(kept, worstFirst);
    for (int i = 0; i < width; i++) {
      heap.add(i);
      if (heap.size() > kept) {
        heap.poll();
      }
    }
    heap.stream()
        .sorted(worstFirst.reversed())
        .map(i -> ByteString.copyFromUtf8(text(start, i)))
        .forEach(texts::add);
  }

  private String text(int start, int index) {
    String text = scores.text(start + index) + ':' + index;
    return index < labels.size() ? text + ':' + labels.get(index) : text;
  }
}
