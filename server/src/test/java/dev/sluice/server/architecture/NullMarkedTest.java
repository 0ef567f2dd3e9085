// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaPackage;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** NullAway looks only at packages that are marked: one without the mark would go unchecked. */
class NullMarkedTest {

  @Test
  void everyPackageIsNullMarked() {
    List<String> unmarked =
        SluiceClasses.ALL.stream()
            .map(JavaClass::getPackage)
            .distinct()
            .filter(javaPackage -> !isNullMarked(javaPackage))
            .map(JavaPackage::getName)
            .sorted()
            .toList();

    assertThat(unmarked).as("packages without @NullMarked in their package-info.java").isEmpty();
  }

  @Test
  void theCheckSeesThePackagesOfEveryPart() {
    Stream<String> packages = SluiceClasses.ALL.stream().map(JavaClass::getPackageName).distinct();

    assertThat(packages)
        .contains("dev.sluice.batching", "dev.sluice.models.spec", "dev.sluice.server.core");
  }

  private static boolean isNullMarked(JavaPackage javaPackage) {
    return javaPackage
        .tryGetPackageInfo()
        .filter(info -> info.isAnnotatedWith(NullMarked.class))
        .isPresent();
  }
}
