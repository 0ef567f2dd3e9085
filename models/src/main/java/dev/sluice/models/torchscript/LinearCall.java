// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.torchscript;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A place in the code that multiplies by a matrix of weights.
 *
 * @param file that it stands in
 * @param weight where the weights come from; null if from a computation
 * @param outputsFirst whether the matrix has a row for each output, as {@code torch.linear} has it;
 *     otherwise a column
 * @param edits that make it call {@link Int8Code}
 */
record LinearCall(
    CodeFile file,
    Kind kind,
    @Nullable CodePath weight,
    boolean outputsFirst,
    List<CodeEdit> edits) {

  /** The functions that do it, and which of their arguments the weights are. */
  enum Kind {
    LINEAR("linear", 1),
    MATMUL("matmul", 1),
    ADDMM("addmm", 2);

    private final String function;
    private final int weight;

    Kind(String function, int weight) {
      this.function = function;
      this.weight = weight;
    }

    static Optional<Kind> of(String callee) {
      return switch (callee) {
        case "torch.linear", OLD_LINEAR -> Optional.of(LINEAR);
        case "torch.matmul", "torch.mm" -> Optional.of(MATMUL);
        case "torch.addmm" -> Optional.of(ADDMM);
        default -> Optional.empty();
      };
    }

    String function() {
      return function;
    }
  }

  /** What older PyTorch calls, a function in the archive itself. */
  static final String OLD_LINEAR = "__torch__.torch.nn.functional.linear";

  /** An argument, from its first token to before the one behind it. */
  private record Argument(int from, int to) {}

  private static final Set<String> ONE = Set.of("1", "1.", "1.0");

  /** The call that begins at this token, if one does. */
  static Optional<LinearCall> at(CodeBody body, CodeStatement line, int index) {
    if (!line.isName(index) || line.is(index - 1, ".")) {
      return Optional.empty();
    }
    CodePath callee = CodePath.at(line, index);
    if (callee == null || !callee.called()) {
      return Optional.empty();
    }
    return Kind.of(body.expanded(callee).dotted()).map(kind -> of(body, line, callee, kind));
  }

  private static LinearCall of(CodeBody body, CodeStatement line, CodePath callee, Kind kind) {
    int close = line.closing(callee.to());
    List<Argument> arguments = arguments(line, callee.to() + 1, close);
    List<Argument> plain =
        arguments.stream().filter(argument -> !line.is(argument.from() + 1, "=")).toList();
    boolean understood =
        switch (kind) {
          case LINEAR -> arguments.equals(plain) && plain.size() >= 2 && plain.size() <= 3;
          case MATMUL -> arguments.equals(plain) && plain.size() == 2;
          case ADDMM ->
              plain.size() == 3 && factorsAreOne(line, arguments.subList(3, arguments.size()));
        };
    if (!understood) {
      return new LinearCall(body.file(), kind, null, false, List.of());
    }
    Argument weight = plain.get(kind.weight);
    boolean turned = isTurned(line, weight);
    Argument inner = turned ? new Argument(weight.from() + 4, weight.to() - 1) : weight;
    CodePath path = CodePath.at(line, inner.from());
    if (path == null || path.called() || path.to() != inner.to()) {
      return new LinearCall(body.file(), kind, null, false, List.of());
    }
    List<CodeEdit> edits = new ArrayList<>();
    edits.add(edit(line, callee.from(), callee.to(), Int8Code.function(kind)));
    if (turned) {
      edits.add(edit(line, weight.from(), weight.to(), source(body, line, inner)));
    }
    int end = line.tokens().get(plain.getLast().to() - 1).to();
    if (kind == Kind.LINEAR && plain.size() == 2) {
      edits.add(new CodeEdit(end, end, ", None"));
    } else if (kind == Kind.ADDMM) {
      edits.add(new CodeEdit(end, line.tokens().get(close).from(), ""));
    }
    return new LinearCall(body.file(), kind, path, (kind == Kind.LINEAR) != turned, edits);
  }

  private static List<Argument> arguments(CodeStatement line, int from, int close) {
    List<Argument> arguments = new ArrayList<>();
    int start = from;
    for (int i = from; i <= close; i++) {
      if (i == close || line.is(i, ",")) {
        if (i > start) {
          arguments.add(new Argument(start, i));
        }
        start = i + 1;
      } else if (line.is(i, "(") || line.is(i, "[") || line.is(i, "{")) {
        i = line.closing(i);
      }
    }
    return arguments;
  }

  /** {@code beta=1, alpha=1}: factors of the sum. */
  private static boolean factorsAreOne(CodeStatement line, List<Argument> named) {
    return named.stream()
        .allMatch(
            argument ->
                (line.is(argument.from(), "beta") || line.is(argument.from(), "alpha"))
                    && line.is(argument.from() + 1, "=")
                    && ONE.contains(line.text(argument.from() + 2, argument.to())));
  }

  /** {@code torch.t(weight)}. */
  private static boolean isTurned(CodeStatement line, Argument weight) {
    return (line.startsWith(weight.from(), "torch", ".", "t", "(")
            || line.startsWith(weight.from(), "torch", ".", "numpy_T", "("))
        && line.closing(weight.from() + 3) == weight.to() - 1;
  }

  private static CodeEdit edit(CodeStatement line, int from, int to, String text) {
    return new CodeEdit(line.tokens().get(from).from(), line.tokens().get(to - 1).to(), text);
  }

  private static String source(CodeBody body, CodeStatement line, Argument argument) {
    return body.file()
        .text()
        .substring(
            line.tokens().get(argument.from()).from(), line.tokens().get(argument.to() - 1).to());
  }
}
