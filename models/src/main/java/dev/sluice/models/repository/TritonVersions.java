// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.repository;

import dev.sluice.proto.inference.ModelVersionPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Which version folders there are, and which of them are served. */
final class TritonVersions {
  private static final Pattern VERSION = Pattern.compile("[1-9][0-9]{0,17}");

  private TritonVersions() {}

  /** Ascending. Folders with other names, a leading zero among them, are no versions. */
  static List<Long> present(ModelFolder folder) throws RefusedException {
    TreeSet<Long> versions = new TreeSet<>();
    for (String name : folder.list("")) {
      if (VERSION.matcher(name).matches() && folder.hasDirectory(name)) {
        versions.add(Long.parseLong(name));
      }
    }
    return List.copyOf(versions);
  }

  /** Ascending; never empty. */
  static List<Long> served(List<Long> present, ModelVersionPolicy policy) throws RefusedException {
    if (present.isEmpty()) {
      throw new RefusedException(
          "no version folder: expected for example 1/model.onnx (a number without leading zeros)");
    }
    return switch (policy.getPolicyChoiceCase()) {
      case ALL -> present;
      case SPECIFIC -> specific(present, policy.getSpecific().getVersionsList());
      case LATEST, POLICYCHOICE_NOT_SET -> {
        long wanted = Math.max(1, Integer.toUnsignedLong(policy.getLatest().getNumVersions()));
        yield present.subList((int) Math.max(0, present.size() - wanted), present.size());
      }
    };
  }

  private static List<Long> specific(List<Long> present, List<Long> wanted)
      throws RefusedException {
    if (wanted.isEmpty()) {
      throw new RefusedException("config.pbtxt: version_policy specific names no version");
    }
    for (Long version : wanted) {
      if (!present.contains(version)) {
        throw new RefusedException(
            "config.pbtxt: version_policy asks for version "
                + version
                + ", but the folders are "
                + present);
      }
    }
    return new ArrayList<>(new TreeSet<>(wanted));
  }
}
