// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * The parts of Sluice and the arrows between them. A part may use only the parts that it is given
 * here; to add an arrow is to change the design.
 */
class ModuleArrowsTest {

  private static final Map<String, Set<String>> MAY_USE =
      Map.of(
          "proto", Set.of(),
          "batching", Set.of(),
          "kernels", Set.of(),
          "models", Set.of("kernels", "proto"),
          "server", Set.of("models", "batching", "proto"),
          "loadtest", Set.of("proto"));

  /**
   * Side by side benches call models and the batcher in-process; nothing else of the load generator
   * may.
   */
  private static final String BENCHES = "dev.sluice.loadtest.bench..";

  @TestFactory
  Stream<DynamicTest> everyPartUsesOnlyThePartsItMay() {
    return MAY_USE.keySet().stream()
        .sorted()
        .map(part -> DynamicTest.dynamicTest(part, () -> usesOnlyWhatItMay(part)));
  }

  @Test
  void noTwoPackagesKnowEachOther() {
    slices().matching("dev.sluice.(**)").should().beFreeOfCycles().check(SluiceClasses.ALL);
  }

  private static void usesOnlyWhatItMay(String part) {
    Set<String> allowed = MAY_USE.getOrDefault(part, Set.of());
    String[] forbidden =
        MAY_USE.keySet().stream()
            .filter(other -> !other.equals(part) && !allowed.contains(other))
            .map(ModuleArrowsTest::packagesOf)
            .toArray(String[]::new);
    noClasses()
        .that()
        .resideInAPackage(packagesOf(part))
        .and()
        .resideOutsideOfPackage(BENCHES)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(forbidden)
        .because("%s may use only %s".formatted(part, allowed.isEmpty() ? "itself" : allowed))
        .allowEmptyShould(true)
        .check(SluiceClasses.ALL);
  }

  private static String packagesOf(String part) {
    return "dev.sluice." + part + "..";
  }
}
