// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.torchscript;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the code does with attributes that hold tensors, and so which of them are weights of linear
 * layers and nothing else. Code is statically typed, so that an attribute of {@code self}, of its
 * attributes, or of a parameter is known for what it is. Where a name's type is not known, no
 * attribute of that name counts as understood, of whatever class.
 */
final class WeightUses {
  /** Before a bracket that groups, where other names are before one that calls. */
  private static final Set<String> KEYWORDS =
      Set.of("return", "in", "not", "and", "or", "if", "else", "elif", "while", "is", "assert");

  private final Map<String, CodeClass> classes = new HashMap<>();
  private final Map<WeightSlot, Use> uses = new LinkedHashMap<>();
  private final Set<String> unclear = new HashSet<>();
  private final List<String> computed = new ArrayList<>();

  /** Of one attribute: the linear calls, and whether that is all. */
  static final class Use {
    private final List<LinearCall> calls = new ArrayList<>();
    private boolean otherwise;

    List<LinearCall> calls() {
      return calls;
    }

    boolean outputsFirst() {
      return calls.getFirst().outputsFirst();
    }

    private boolean isPlain() {
      return !otherwise && calls.stream().map(LinearCall::outputsFirst).distinct().count() == 1;
    }
  }

  private WeightUses() {}

  static WeightUses of(List<CodeFile> files) {
    WeightUses found = new WeightUses();
    for (CodeFile file : files) {
      file.classes().forEach(declared -> found.classes.put(declared.name(), declared));
    }
    files.forEach(file -> file.bodies().forEach(found::scan));
    return found;
  }

  /** By attribute, in the order of the code, those that a linear call takes. */
  Map<WeightSlot, Use> linear() {
    Map<WeightSlot, Use> linear = new LinkedHashMap<>(uses);
    linear.values().removeIf(use -> use.calls.isEmpty());
    return linear;
  }

  /** Whether the attribute is the weights of linear layers and nothing else. */
  boolean isUnderstood(WeightSlot slot) {
    Use use = uses.get(slot);
    return use != null && use.isPlain() && !unclear.contains(slot.attribute());
  }

  /** The methods with linear calls whose weights are not simply an attribute. */
  List<String> computed() {
    return computed;
  }

  private void scan(CodeBody body) {
    for (CodeStatement line : body.statements()) {
      Set<Integer> weights = calls(body, line);
      for (int i = 0; i < line.size(); ) {
        CodePath path = isStart(line, i) ? CodePath.at(line, i) : null;
        if (path == null) {
          if (line.is(i, ".") && line.isName(i + 1)) {
            // Of a result, or of something else that is not a path.
            unclear.add(line.tokens().get(i + 1).text());
          }
          i++;
        } else {
          if (!weights.contains(path.from())) {
            visit(body, line, path);
          }
          i = path.to();
        }
      }
    }
  }

  private static boolean isStart(CodeStatement line, int index) {
    if (line.is(index, "(")) {
      boolean calls =
          line.is(index - 1, ")")
              || line.is(index - 1, "]")
              || (line.isName(index - 1)
                  && !KEYWORDS.contains(line.tokens().get(index - 1).text()));
      return !calls;
    }
    return line.isName(index) && !line.is(index - 1, ".");
  }

  /** Where in the line the weights of linear calls stand. */
  private Set<Integer> calls(CodeBody body, CodeStatement line) {
    Set<Integer> places = new HashSet<>();
    for (int i = 0; i < line.size(); i++) {
      LinearCall call = LinearCall.at(body, line, i).orElse(null);
      if (call == null) {
        continue;
      }
      CodePath weight = call.weight();
      WeightSlot slot = weight == null ? null : slot(body, weight);
      if (weight == null || slot == null) {
        // A product of two results, as in attention, is no layer.
        if (call.kind() != LinearCall.Kind.MATMUL && !body.name().equals(LinearCall.OLD_LINEAR)) {
          computed.add(body.name());
        }
      } else {
        use(slot).calls.add(call);
        places.add(weight.from());
      }
    }
    return places;
  }

  private void visit(CodeBody body, CodeStatement line, CodePath path) {
    if (path.isVariable() && line.is(path.to(), "=")) {
      return;
    }
    WeightSlot slot = slot(body, path);
    if (slot == null) {
      return;
    }
    // A name for the attribute is looked at where the name is used.
    boolean names =
        path.from() == 2
            && line.assignedPath().isPresent()
            && body.assigned(line.tokens().get(0).text()).isPresent();
    if (!names || path.called()) {
      use(slot).otherwise = true;
    }
  }

  /** The tensor that the path leads to, or through. */
  private @Nullable WeightSlot slot(CodeBody body, CodePath path) {
    CodePath full = body.expanded(path);
    List<String> names = full.attributes();
    String type = body.parameterType(full.root());
    if (type == null) {
      if (body.knows(full.root())) {
        unclear.addAll(names);
      }
      return null;
    }
    for (int i = 0; i < names.size(); i++) {
      CodeClass declared = classes.get(type);
      CodeClass.Attribute attribute =
          declared == null ? null : declared.attributes().get(names.get(i));
      if (declared == null || attribute == null) {
        unclear.addAll(names.subList(i, names.size()));
        return null;
      }
      if (attribute.type().equals(CodeClass.TENSOR)) {
        WeightSlot slot = new WeightSlot(declared.name(), names.get(i));
        if (i < names.size() - 1 || full.called()) {
          use(slot).otherwise = true;
        }
        return slot;
      }
      type = attribute.type();
    }
    return null;
  }

  private Use use(WeightSlot slot) {
    return uses.computeIfAbsent(slot, unseen -> new Use());
  }

  /** Whether objects of the class make and read their pickled state themselves. */
  boolean hasOwnState(String className) {
    CodeClass declared = classes.get(className);
    return declared == null || declared.ownState();
  }
}
