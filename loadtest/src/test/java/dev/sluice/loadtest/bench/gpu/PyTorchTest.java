// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.bench.gpu;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.models.gpucheck.Contestant;
import dev.sluice.models.gpucheck.ContestantException;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Interpreters that answer as they should, and as they should not. */
class PyTorchTest {
  private static final Contestant.Sizes SIZES = new Contestant.Sizes(12, 768, 12, 3072, 30522, 512);
  private static final Duration LONG = Duration.ofMinutes(2);
  private static final PyTorch.Limits PATIENT = new PyTorch.Limits(LONG, LONG, LONG);

  @TempDir private Path folder;
  private final List<String> report = new ArrayList<>();
  private final List<String> progress = new ArrayList<>();

  private PyTorch python(PyTorch.Limits limits, String... script) throws IOException {
    Path python = folder.resolve("python");
    Files.writeString(python, "#!/bin/sh\n" + String.join("\n", script) + "\n");
    if (!python.toFile().setExecutable(true)) {
      throw new IOException("cannot be made executable: " + python);
    }
    return new PyTorch(python.toString(), folder, limits, report::add, progress::add);
  }

  private PyTorch python(String... script) throws IOException {
    return python(PATIENT, script);
  }

  private interface Step {
    void with(PyTorch pyTorch) throws ContestantException;
  }

  private static void assertFails(PyTorch made, String reason, Step... steps) throws Exception {
    long before = ProcessHandle.current().descendants().count();
    try (PyTorch pyTorch = made) {
      assertThatThrownBy(
              () -> {
                pyTorch.open(SIZES);
                for (Step step : steps) {
                  step.with(pyTorch);
                }
              })
          .isInstanceOf(ContestantException.class)
          .hasMessageMatching(reason);
    }
    assertThat(ProcessHandle.current().descendants().count()).isEqualTo(before);
  }

  @Test
  void isToldTheSizesAndAskedForOneRoundAtATime() throws Exception {
    String[] script = {
      "shift; echo note of \"$@\"; echo ready a torch",
      "read line; echo \"$line\" >&2; echo note eager; echo ok",
      "read line; echo \"$line\" >&2; echo millis 12.5",
      "read line; echo \"$line\" >&2; echo millis 1e1",
      "read line && exit 1; echo end >&2"
    };
    try (PyTorch pyTorch = python(script)) {
      assertThat(pyTorch.open(SIZES)).isEqualTo("a torch");
      pyTorch.prepare("mixed", new int[] {32, 7});
      assertThat(pyTorch.millis("mixed", 1)).isEqualTo(12.5);
      assertThat(pyTorch.millis("mixed", 30)).isEqualTo(10);
      assertThat(Files.readString(folder.resolve("torch.log")))
          .startsWith("batch mixed 32 7\nrun mixed 1\nrun mixed 30\n");
    }
    assertThat(report).containsExactly("PyTorch: of 12 768 12 3072 30522 512", "PyTorch: eager");
    assertThat(progress).containsExactly("PyTorch: loading it", "PyTorch: compiling for mixed");
  }

  @Test
  void anInterpreterThatIsNotThereIsTheReason() throws Exception {
    PyTorch absent = new PyTorch("/nowhere/python3", folder, PATIENT, report::add, progress::add);
    assertFails(absent, "/nowhere/python3 cannot be started: .*No such file.*");
  }

  @Test
  void oneThatHasNoPyTorchOrNoCudaSaysSo() throws Exception {
    assertFails(
        python("echo absent PyTorch 2.7 finds no CUDA here"), "PyTorch 2.7 finds no CUDA here");
  }

  @Test
  void oneThatCrashesLeavesItsLastWords() throws Exception {
    assertFails(
        python("echo ready; read line; echo trace >&2; echo 'RuntimeError: no' >&2; exit 3"),
        ".*/python ended: RuntimeError: no",
        pyTorch -> pyTorch.prepare("128", new int[] {128}));
    assertThat(progress).hasSize(2);
  }

  @Test
  void oneThatTalksNonsenseIsNotBelieved() throws Exception {
    assertFails(python("printf 'hel\\033lo world\\n'"), ".*/python answered 'hel.lo world'");
  }

  @Test
  void oneThatTalksWithoutEndIsNotHeardOut() throws Exception {
    assertFails(python("while :; do echo note more; done"), ".*/python talks without end");
  }

  @Test
  void aLineWithoutEndIsCutOff() throws Exception {
    assertFails(
        python("head -c 5000000 /dev/zero | tr '\\000' x; echo; sleep 600"),
        ".*/python answered 'x{200}\\.\\.\\.'");
  }

  @Test
  void timesThatAreNoneAreNotTaken() throws Exception {
    for (String time : List.of("NaN", "-1", "0", "soon", "")) {
      folder = Files.createTempDirectory(folder, "time");
      assertFails(
          python("echo ready; read line; echo millis " + time),
          ".*/python answered 'millis " + time + "'",
          pyTorch -> pyTorch.millis("128", 1));
    }
  }

  @Test
  void oneThatSaysThatItFailedIsBelieved() throws Exception {
    assertFails(
        python("echo ready; read line; echo failed out of memory; sleep 600"),
        "out of memory",
        pyTorch -> pyTorch.prepare("128", new int[] {128}));
  }

  @Test
  void oneThatHangsIsGivenUp() throws Exception {
    PyTorch.Limits limits = new PyTorch.Limits(Duration.ofMillis(100), LONG, LONG);
    assertFails(python(limits, "sleep 600"), ".*/python said nothing for 0 s");
  }

  /** As far as an interpreter without PyTorch gets: it compiles, and says what is missing. */
  @Test
  void theScriptIsPythonAndSaysWhereThereIsNoPyTorch() throws Exception {
    String python = "python3";
    Optional<Path> found =
        Arrays.stream(System.getenv("PATH").split(File.pathSeparator, -1))
            .map(path -> Path.of(path, python))
            .filter(Files::isExecutable)
            .findFirst();
    if (found.isEmpty()) {
      System.out.println("no python3 here: its script is not compiled");
      Assumptions.abort("no python3 here");
    }
    Path script = folder.resolve("script.py");
    try (var in = PyTorch.class.getResourceAsStream("torch_encoder.py")) {
      Files.copy(Objects.requireNonNull(in), script);
    }
    Process compile =
        new ProcessBuilder(python, "-m", "py_compile", script.toString())
            .redirectErrorStream(true)
            .start();
    String output = new String(compile.getInputStream().readAllBytes(), UTF_8);
    assertThat(compile.waitFor()).as(output).isZero();

    Process run =
        new ProcessBuilder(python, "-S", script.toString(), "1", "64", "1", "64", "9", "9")
            .redirectErrorStream(true)
            .start();
    assertThat(new String(run.getInputStream().readAllBytes(), UTF_8))
        .matches("absent .* has no PyTorch: No module named 'torch'\n");
    assertThat(run.waitFor()).isZero();
  }
}
