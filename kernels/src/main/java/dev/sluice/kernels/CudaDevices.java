// SPDX-License-Identifier: Apache-2.0
package dev.sluice.kernels;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import jcuda.driver.CUresult;

/**
 * Finds NVIDIA cards through the driver API, so that nothing but the driver is needed.
 *
 * <p>Never throws and prints nothing. Safe for any number of threads; a look costs up to some
 * hundred milliseconds per card, so callers keep the answer.
 */
public final class CudaDevices {
  /** What the loader says of a file that is there: another's architecture, or an empty stand-in. */
  private static final Pattern UNLOADABLE =
      Pattern.compile("file too short|invalid ELF|wrong ELF|failed to map|version .* not found");

  private CudaDevices() {}

  public static CudaProbe probe() {
    try {
      // Before JCuda's own library is loaded, which asks for the driver's by its name.
      DriverLibrary.ofThisProcess().load();
      return CudaDriver.look();
    } catch (CudaDriver.CallFailed e) {
      return new CudaProbe.Absent(reason(e));
    } catch (LinkageError e) {
      return new CudaProbe.Absent(reason(e));
    } catch (RuntimeException e) {
      return new CudaProbe.Absent("the NVIDIA driver failed: " + firstLine(e));
    }
  }

  private static String reason(CudaDriver.CallFailed failure) {
    return switch (failure.code()) {
      case CUresult.CUDA_ERROR_NO_DEVICE -> "the NVIDIA driver finds no card";
      case CUresult.CUDA_ERROR_SYSTEM_DRIVER_MISMATCH ->
          "the NVIDIA driver in the kernel and libcuda.so.1 are of different versions";
      case CUresult.CUDA_ERROR_STUB_LIBRARY ->
          "libcuda.so.1 is the stub of a CUDA toolkit, not the NVIDIA driver's";
      default -> "the NVIDIA driver failed: " + failure.getMessage();
    };
  }

  /**
   * JCuda answers a missing library with a page of text, of which one line matters. From the second
   * look on it is the cause of a class that could not be initialised.
   */
  static String reason(LinkageError error) {
    List<String> lines = new ArrayList<>();
    for (Throwable t = error; t != null; t = t.getCause()) {
      String.valueOf(t.getMessage()).lines().map(CudaDevices::plain).forEach(lines::add);
    }
    return first(lines, line -> line.contains(DriverLibrary.NAME))
        .map(CudaDevices::ofTheDriver)
        .orElseGet(
            () ->
                "JCuda's native library cannot be loaded: "
                    + first(lines, line -> line.contains(".so: ")).orElse(firstLine(error)));
  }

  private static Optional<String> first(List<String> lines, Predicate<String> wanted) {
    return lines.stream().filter(wanted).findFirst();
  }

  /** Without the class of the error, where one stands in front. */
  private static String plain(String line) {
    return line.replaceFirst("^.*Error: ", "").strip();
  }

  private static String ofTheDriver(String line) {
    return UNLOADABLE.matcher(line).find()
        ? DriverLibrary.NAME + " cannot be loaded: " + line
        : "no NVIDIA driver: " + DriverLibrary.NAME + " not found";
  }

  private static String firstLine(Throwable failure) {
    String message = failure.getMessage();
    return message == null || message.isBlank()
        ? failure.getClass().getSimpleName()
        : message.strip().lines().findFirst().orElse("");
  }
}
