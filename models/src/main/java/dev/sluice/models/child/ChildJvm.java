// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.child;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/**
 * How a child process is started: this JVM's own {@code java}, class path and native library
 * settings, few threads and little memory, and the class path in the environment, where it has no
 * length limit that matters.
 */
public final class ChildJvm {
  private static final int FIRST_WITH_UNSAFE_SWITCH = 23;

  /** Where native libraries are found or unpacked. */
  private static final List<String> HANDED_ON =
      List.of(
          "ai.djl.",
          "onnxruntime.",
          "sluice.",
          "jna.",
          "DJL_",
          "ENGINE_CACHE_DIR",
          "PYTORCH_",
          "RUST_",
          "java.library.path",
          "java.io.tmpdir");

  /** Options for another JVM; a debugger's port, for one, can be had only once. */
  private static final List<String> DROPPED =
      List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS");

  /** Starts a program at low priority; on every Linux that has more than a shell. */
  private static final Path NICE = Path.of("/usr/bin/nice");

  private final List<String> command = new ArrayList<>();
  private final Path workFolder;

  /**
   * @param workFolder its working directory
   * @param heapMegabytes its Java heap; native memory is not bounded by this
   */
  public ChildJvm(Path workFolder, int heapMegabytes) {
    this.workFolder = workFolder;
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx" + heapMegabytes + "m");
    command.add("-XX:+ExitOnOutOfMemoryError");
    command.add("-XX:-CreateCoredumpOnCrash");
    command.add("-XX:+UseSerialGC");
    command.add("--enable-native-access=ALL-UNNAMED");
    if (Runtime.version().feature() >= FIRST_WITH_UNSAFE_SWITCH) {
      command.add("--sun-misc-unsafe-memory-access=allow");
    }
    Properties properties = System.getProperties();
    for (String name : properties.stringPropertyNames()) {
      if (HANDED_ON.stream().anyMatch(name::startsWith)) {
        command.add("-D" + name + "=" + properties.getProperty(name));
      }
    }
  }

  /** Lives for seconds: the optimizing compiler would never pay. */
  public ChildJvm shortLived() {
    command.add("-XX:TieredStopAtLevel=1");
    return this;
  }

  /** Runs only where others leave time, as far as this machine can do that. */
  public ChildJvm yielding() {
    if (Files.isExecutable(NICE)) {
      command.addAll(0, List.of(NICE.toString(), "-n", "19"));
    }
    return this;
  }

  /** Standard error comes with standard output. */
  public ProcessBuilder build(Class<?> main, String... arguments) {
    List<String> whole = new ArrayList<>(command);
    whole.add(main.getName());
    whole.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(whole);
    environment(builder.environment());
    return builder.directory(workFolder.toFile()).redirectErrorStream(true);
  }

  private static void environment(Map<String, String> environment) {
    DROPPED.forEach(environment::remove);
    environment.put("CLASSPATH", absoluteClassPath());
    environment.put("ORT_DISABLE_TELEMETRY", "1");
    environment.put("TOKENIZERS_PARALLELISM", "false");
    environment.put("OPT_OUT_TRACKING", "true");
    environment.put("DJL_OFFLINE", "true");
  }

  /** The child has another working directory. */
  private static String absoluteClassPath() {
    String separator = System.getProperty("path.separator");
    List<String> entries = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(separator, -1)) {
      entries.add(Path.of(entry).toAbsolutePath().toString());
    }
    return String.join(separator, entries);
  }
}
