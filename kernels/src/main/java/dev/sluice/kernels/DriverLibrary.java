// SPDX-License-Identifier: Apache-2.0
package dev.sluice.kernels;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The driver's {@code libcuda.so.1} where the system's loader does not look: containers and other
 * systems mount it in places of their own and leave the loader's cache as it is. A library that the
 * process has loaded by its path is found by whoever asks for its name later.
 */
final class DriverLibrary {
  static final String NAME = "libcuda.so.1";

  /** Where the loader looks by itself, beside its cache and its variable. */
  private static final List<String> USUAL =
      List.of(
          "lib/x86_64-linux-gnu",
          "usr/lib/x86_64-linux-gnu",
          "lib64",
          "usr/lib64",
          "lib",
          "usr/lib");

  /** Of device plugins and older container images, of WSL, NixOS, Google's nodes, and by hand. */
  private static final List<String> UNUSUAL =
      List.of(
          "usr/local/nvidia/lib64",
          "usr/local/nvidia/lib",
          "usr/lib/wsl/lib",
          "run/opengl-driver/lib",
          "home/kubernetes/bin/nvidia/lib64",
          "opt/nvidia/lib64",
          "usr/lib/nvidia");

  private final Path root;
  private final String searched;

  /**
   * @param searched what {@code LD_LIBRARY_PATH} says
   */
  DriverLibrary(Path root, String searched) {
    this.root = root;
    this.searched = searched;
  }

  static DriverLibrary ofThisProcess() {
    return new DriverLibrary(Path.of("/"), System.getenv().getOrDefault("LD_LIBRARY_PATH", ""));
  }

  /** Empty where the loader finds it by itself, or it is nowhere. */
  Optional<Path> besideTheLoadersWay() {
    List<Path> usual = new ArrayList<>(places(USUAL));
    Arrays.stream(searched.split(":", -1))
        .filter(entry -> !entry.isEmpty())
        .forEach(entry -> usual.add(Path.of(entry)));
    if (inCache() || usual.stream().anyMatch(DriverLibrary::isIn)) {
      return Optional.empty();
    }
    return places(UNUSUAL).stream()
        .filter(DriverLibrary::isIn)
        .map(place -> place.resolve(NAME))
        .findFirst();
  }

  /**
   * Loads it where the loader does not find it by itself; does nothing the second time.
   *
   * @throws UnsatisfiedLinkError where it is no library for this machine
   */
  void load() {
    besideTheLoadersWay().ifPresent(path -> System.load(path.toAbsolutePath().toString()));
  }

  private List<Path> places(List<String> names) {
    return names.stream().map(root::resolve).toList();
  }

  private static boolean isIn(Path place) {
    return Files.isReadable(place.resolve(NAME));
  }

  /** A cache that cannot be read has nothing for the loader either. */
  private boolean inCache() {
    try {
      byte[] cache = Files.readAllBytes(root.resolve("etc/ld.so.cache"));
      return new String(cache, StandardCharsets.ISO_8859_1).contains(NAME + "\0");
    } catch (IOException unreadable) {
      return false;
    }
  }
}
