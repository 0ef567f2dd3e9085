// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/**
 * What the load generator may know: the wire. Its benches know the models and the batcher too, and
 * only they.
 */
final class ArrowsTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.sluice.loadtest");

  @Test
  void theLoadKnowsNeitherTheBenchesNorWhatTheyMeasure() {
    noClasses()
        .that()
        .resideInAPackage("dev.sluice.loadtest.load..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "dev.sluice.loadtest.bench..", "dev.sluice.models..", "dev.sluice.batching..")
        .check(CLASSES);
  }

  @Test
  void optionsKnowNothingOfTheWire() {
    noClasses()
        .that()
        .resideInAPackage("dev.sluice.loadtest.ghz..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.grpc..", "io.netty..", "com.google.protobuf..")
        .check(CLASSES);
  }

  @Test
  void theSearchAndWhatIsSentKnowNothingOfTheWire() {
    noClasses()
        .that()
        .resideInAnyPackage("dev.sluice.loadtest.search..", "dev.sluice.loadtest.corpus..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.grpc..", "io.netty..", "com.google.protobuf..")
        .check(CLASSES);
  }

  @Test
  void nobodyKnowsTheServer() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("dev.sluice.server..", "dev.sluice.kernels..")
        .check(CLASSES);
  }
}
