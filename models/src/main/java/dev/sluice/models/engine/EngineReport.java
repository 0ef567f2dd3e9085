// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.engine;

import ai.djl.engine.Engine;
import ai.djl.engine.StandardCapabilities;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtProvider;
import dev.sluice.models.spec.EngineKind;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;

/**
 * What one engine is on this machine, for the operator.
 *
 * @param name as DJL calls it
 * @param version the native library's own; empty when it is not known
 * @param providers what it was built to run on, for example {@code CPU} or {@code CUDA}
 * @param loaded whether this process has loaded it
 * @param problem why it cannot be used; empty when nothing is known against it
 */
public record EngineReport(
    String name,
    Optional<String> version,
    List<String> providers,
    boolean loaded,
    Optional<String> problem) {
  private static final String NATIVES = "native/lib/pytorch.properties";

  public EngineReport {
    providers = List.copyOf(providers);
  }

  /**
   * Loads ONNX Runtime and reports on it and on PyTorch.
   *
   * @param loadPyTorch whether to load PyTorch too, which unpacks 400 MB at its first time; without
   *     it, only the libraries on the class path are named
   */
  public static List<EngineReport> all(boolean loadPyTorch) {
    return List.of(onnxRuntime(), loadPyTorch ? pyTorch() : pyTorchUnloaded());
  }

  private static EngineReport onnxRuntime() {
    String name = EngineKind.ONNX_RUNTIME.djlName();
    try {
      DjlSetup.onnxRuntime();
      // DJL's own answer is a constant of the version that it was built with.
      String version = OrtEnvironment.getEnvironment().getVersion();
      List<String> providers =
          OrtEnvironment.getAvailableProviders().stream().map(OrtProvider::name).toList();
      return new EngineReport(name, Optional.of(version), providers, true, Optional.empty());
    } catch (EngineException e) {
      return failed(name, e);
    }
  }

  private static EngineReport pyTorch() {
    String name = EngineKind.PYTORCH.djlName();
    try {
      Engine engine = DjlSetup.pyTorch();
      List<String> providers = new ArrayList<>(List.of("CPU"));
      if (engine.hasCapability(StandardCapabilities.CUDA)) {
        providers.add("CUDA");
      }
      return new EngineReport(
          name, Optional.of(release(engine.getVersion())), providers, true, Optional.empty());
    } catch (EngineException e) {
      return failed(name, e);
    }
  }

  private static EngineReport pyTorchUnloaded() {
    String name = EngineKind.PYTORCH.djlName();
    Properties natives = new Properties();
    try (InputStream in = EngineReport.class.getClassLoader().getResourceAsStream(NATIVES)) {
      if (in == null) {
        return new EngineReport(
            name,
            Optional.empty(),
            List.of(),
            false,
            Optional.of("no PyTorch libraries on the class path"));
      }
      natives.load(in);
    } catch (IOException e) {
      return failed(name, new EngineException(Failures.describe(e), e));
    }
    String flavor = natives.getProperty("flavor", "cpu");
    return new EngineReport(
        name,
        Optional.ofNullable(natives.getProperty("version")).map(EngineReport::release),
        flavor.startsWith("cu") ? List.of("CPU", "CUDA") : List.of("CPU"),
        false,
        Optional.empty());
  }

  /** DJL adds the day of its packaging: 2.7.1-20250812. */
  private static String release(String version) {
    int dash = version.indexOf('-');
    return dash < 0 ? version : version.substring(0, dash);
  }

  private static EngineReport failed(String name, EngineException e) {
    return new EngineReport(
        name, Optional.empty(), List.of(), false, Optional.of(Failures.describe(e)));
  }
}
