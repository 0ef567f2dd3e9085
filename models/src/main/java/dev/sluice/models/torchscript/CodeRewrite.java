// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.torchscript;

import dev.sluice.models.torchscript.CodeClass.Attribute;
import dev.sluice.models.torchscript.CodeClass.Listing;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Changes code so that attributes hold packed INT8 weights and their linear calls take them. */
final class CodeRewrite {
  private CodeRewrite() {}

  /** The files that change, with their new text. */
  static Map<String, String> of(List<CodeFile> files, WeightUses uses, Set<WeightSlot> slots) {
    Map<CodeFile, List<CodeEdit>> edits = new LinkedHashMap<>();
    uses.linear()
        .forEach(
            (slot, use) -> {
              if (slots.contains(slot)) {
                use.calls().forEach(call -> edits(edits, call.file()).addAll(call.edits()));
              }
            });
    for (CodeFile file : files) {
      for (CodeClass declared : file.classes()) {
        for (WeightSlot slot : slots) {
          if (slot.className().equals(declared.name())) {
            retype(declared, slot.attribute(), edits(edits, file));
          }
        }
      }
    }
    Map<String, String> changed = new LinkedHashMap<>();
    edits.forEach((file, list) -> changed.put(file.name(), apply(file.text(), list)));
    return changed;
  }

  private static List<CodeEdit> edits(Map<CodeFile, List<CodeEdit>> edits, CodeFile file) {
    return edits.computeIfAbsent(file, unseen -> new ArrayList<>());
  }

  /** Packed weights are neither parameters nor buffers, which are tensors. */
  private static void retype(CodeClass declared, String attribute, List<CodeEdit> edits) {
    Attribute type = declared.attributes().get(attribute);
    if (type != null) {
      edits.add(new CodeEdit(type.from(), type.to(), Int8Code.PACKED));
    }
    for (Listing listing : declared.listings()) {
      if (listing.attribute().equals(attribute)) {
        edits.add(new CodeEdit(listing.from(), listing.to(), ""));
      }
    }
  }

  /** They do not overlap: each changes a callee, a matrix of weights or the end of a call. */
  private static String apply(String text, List<CodeEdit> edits) {
    List<CodeEdit> ordered = new ArrayList<>(edits);
    ordered.sort(Comparator.comparingInt(CodeEdit::from).thenComparingInt(CodeEdit::to));
    StringBuilder changed = new StringBuilder(text.length() + 100 * edits.size());
    int at = 0;
    for (CodeEdit edit : ordered) {
      changed.append(text, at, edit.from()).append(edit.text());
      at = edit.to();
    }
    return changed.append(text, at, text.length()).toString();
  }
}
