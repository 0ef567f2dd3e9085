// SPDX-License-Identifier: Apache-2.0
package dev.sluice.kernels;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.kernels.emulation.EmulationBuild;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DriverLibraryTest {
  private static final String KUBERNETES = "usr/local/nvidia/lib64";

  @TempDir private Path root;

  private Path place(String folder) throws IOException {
    Path made = Files.createDirectories(root.resolve(folder));
    return Files.writeString(made.resolve("libcuda.so.1"), "");
  }

  @Test
  void whereTheLoaderFindsItNothingIsDone() throws Exception {
    DriverLibrary library = new DriverLibrary(root, "");
    assertThat(library.besideTheLoadersWay()).as("nowhere").isEmpty();
    Path unusual = place(KUBERNETES);
    assertThat(library.besideTheLoadersWay()).contains(unusual);

    Path own = Files.createDirectories(root.resolve("own"));
    assertThat(new DriverLibrary(root, ":" + own).besideTheLoadersWay()).contains(unusual);
    Files.writeString(own.resolve("libcuda.so.1"), "");
    assertThat(new DriverLibrary(root, ":" + own).besideTheLoadersWay()).isEmpty();

    Files.createDirectories(root.resolve("etc"));
    Path cache = root.resolve("etc/ld.so.cache");
    Files.writeString(cache, "libcuda.so.10\0/usr/x", ISO_8859_1);
    assertThat(library.besideTheLoadersWay()).contains(unusual);
    Files.writeString(cache, "libcuda.so.1\0/usr/x", ISO_8859_1);
    assertThat(library.besideTheLoadersWay()).isEmpty();
    Files.delete(cache);
    place("usr/lib64");
    assertThat(library.besideTheLoadersWay()).isEmpty();
  }

  /** By JCuda's own library, which names no folder, in an empty environment. */
  @Test
  void aDriverInAnUnusualPlaceIsUsed() throws Exception {
    EmulationBuild.runOrSkip("src/emulation/driver/build");
    Path place = Files.createDirectories(root.resolve(KUBERNETES));
    for (String file : new String[] {"libcuda.so.1", "emulate-80", "emulate-75"}) {
      Files.copy(
          EmulationBuild.FOLDER.resolve(file),
          place.resolve(file),
          StandardCopyOption.COPY_ATTRIBUTES);
    }
    ProcessBuilder builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                UnusualPlaceMain.class.getName(),
                root.toString())
            .redirectErrorStream(true);
    builder.environment().clear();
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    assertThat(output).startsWith("Present[cudaVersion=13.0, cards=[").contains("Emulated card");
  }
}
