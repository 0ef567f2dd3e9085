// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.config;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Tenants with their weights, such as {@code gold=4,batch=1}. */
final class TenantWeights {
  /** As requests may name them, see the metadata {@code sluice-tenant}. */
  private static final Pattern ONE = Pattern.compile("([A-Za-z0-9._-]{1,64})=([0-9]{1,9})");

  private TenantWeights() {}

  static ValueType<Map<String, Integer>> type(int mostTenants, int mostWeight) {
    return ValueType.one(
        "none or at most %d tenants with weights from 1 to %d, such as gold=4,free=1"
            .formatted(mostTenants, mostWeight),
        "NAME=WEIGHT,...",
        text -> parse(text, mostTenants, mostWeight),
        TenantWeights::print);
  }

  private static Optional<Map<String, Integer>> parse(String text, int tenants, int most) {
    Map<String, Integer> weights = new TreeMap<>();
    if (text.equals("none")) {
      return Optional.of(weights);
    }
    for (String part : text.split(",", -1)) {
      Matcher one = ONE.matcher(part.strip());
      if (!one.matches()) {
        return Optional.empty();
      }
      int weight = Integer.parseInt(one.group(2));
      if (weight < 1 || weight > most || weights.put(one.group(1), weight) != null) {
        return Optional.empty();
      }
    }
    return weights.size() <= tenants ? Optional.of(weights) : Optional.empty();
  }

  /** In double quotes: an equals sign is plain in YAML, but a comma may not be. */
  private static String print(Map<String, Integer> weights) {
    return weights.isEmpty()
        ? "none"
        : Messages.yamlQuote(
            new TreeMap<>(weights)
                .entrySet().stream()
                    .map(one -> one.getKey() + "=" + one.getValue())
                    .collect(Collectors.joining(",")));
  }
}
