// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import org.junit.jupiter.api.Test;

/**
 * Libraries that would spread if they were let: each has one home, so that it can be replaced
 * there.
 */
class LibraryHomesTest {

  private static final String TRANSPORT = "dev.sluice.server.transport..";
  private static final String LOADTEST = "dev.sluice.loadtest..";
  private static final String MODELS = "dev.sluice.models..";
  private static final String KERNELS = "dev.sluice.kernels..";
  private static final String CLI = "dev.sluice.server.cli..";

  @Test
  void grpcAndNettyStayAtTheTransport() {
    stayIn(new String[] {TRANSPORT, LOADTEST}, "io.grpc..", "io.netty..");
  }

  @Test
  void inferenceEnginesAndTokenizersStayInModels() {
    stayIn(new String[] {MODELS}, "ai.onnxruntime..", "ai.djl..");
  }

  @Test
  void cudaStaysInKernels() {
    stayIn(new String[] {KERNELS}, "jcuda..");
  }

  @Test
  void openTelemetryStaysInTracing() {
    stayIn(new String[] {"dev.sluice.server.tracing.."}, "io.opentelemetry..");
  }

  @Test
  void theCommandLineParserStaysAtTheCommandLine() {
    stayIn(new String[] {CLI, LOADTEST, "dev.sluice.server"}, "picocli..");
  }

  private static void stayIn(String[] homes, String... libraries) {
    noClasses()
        .that()
        .resideOutsideOfPackages(homes)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(libraries)
        .because("its home is " + String.join(", ", homes))
        .check(SluiceClasses.ALL);
  }
}
