// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.engine;

import ai.djl.engine.Engine;
import ai.djl.engine.StandardCapabilities;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtProvider;
import dev.sluice.kernels.CudaDevices;
import dev.sluice.kernels.CudaProbe;
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
 * @param absent what this machine lacks for it, where that is no fault; empty when it can be used
 */
public record EngineReport(
    String name,
    Optional<String> version,
    List<String> providers,
    boolean loaded,
    Optional<String> problem,
    Optional<String> absent) {
  private static final String NATIVES = "native/lib/pytorch.properties";

  public EngineReport {
    providers = List.copyOf(providers);
  }

  /** That lacks nothing of this machine. */
  private EngineReport(
      String name,
      Optional<String> version,
      List<String> providers,
      boolean loaded,
      Optional<String> problem) {
    this(name, version, providers, loaded, problem, Optional.empty());
  }

  /**
   * Loads ONNX Runtime and reports on it, on PyTorch, and on Sluice's own engine for cards.
   *
   * @param loadPyTorch whether to load PyTorch too, which unpacks 400 MB at its first time; without
   *     it, only the libraries on the class path are named
   */
  public static List<EngineReport> all(boolean loadPyTorch) {
    return List.of(
        onnxRuntime(),
        loadPyTorch ? pyTorch() : pyTorchUnloaded(),
        sluiceCuda(CudaDevices.probe()));
  }

  /** It is as good as loaded: what it needs is in Sluice, but for the driver and a card. */
  static EngineReport sluiceCuda(CudaProbe probe) {
    Optional<String> absent =
        probe instanceof CudaProbe.Absent none ? Optional.of(none.reason()) : Optional.empty();
    return new EngineReport(
        SluiceCuda.NAME,
        Optional.of(SluiceCuda.VERSION),
        absent.isPresent() ? List.of() : List.of("CUDA"),
        absent.isEmpty(),
        Optional.empty(),
        absent);
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
