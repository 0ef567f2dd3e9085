// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.architecture;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;

/** Every production class of Sluice, read once; the generated stubs are left out. */
final class SluiceClasses {

  private static final String GENERATED = "/dev/sluice/proto/";

  static final JavaClasses ALL =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .withImportOption(location -> !location.contains(GENERATED))
          .importPackages("dev.sluice");

  private SluiceClasses() {}
}
