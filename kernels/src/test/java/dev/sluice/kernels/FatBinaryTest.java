// SPDX-License-Identifier: Apache-2.0
package dev.sluice.kernels;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.kernels.MachineCode.Operation;
import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** The committed binary belongs to the sources beside it, and holds what they promise. */
class FatBinaryTest {
  private static final Path SOURCES = Path.of("src/main/cuda");
  private static final Path BINARY = Path.of("src/main/resources/dev/sluice/kernels/sluice.fatbin");
  private static final Path RECORD = Path.of(BINARY + ".sources");
  private static final List<Integer> ARCHITECTURES = List.of(75, 80, 86, 89, 90);

  private static final int PTX = 1;
  private static final int ELF = 2;

  private record Entry(int kind, int architecture, String content) {}

  @Test
  void isMadeOfTheseSources() throws IOException, NoSuchAlgorithmException {
    Map<String, String> recorded = new TreeMap<>();
    for (String[] line : records("source")) {
      recorded.put(line[2], line[1]);
    }
    Map<String, String> actual = new TreeMap<>();
    try (Stream<Path> files = Files.list(SOURCES)) {
      for (Path file : files.toList()) {
        actual.put(file.getFileName().toString(), sha256(file));
      }
    }
    assertThat(actual)
        .as("after a change of a kernel, run kernels/build-fatbin")
        .isEqualTo(recorded);
    assertThat(sha256(BINARY)).isEqualTo(records("fatbin").get(0)[1]);
  }

  @Test
  void holdsEveryKernelForEveryCard() throws IOException {
    List<Entry> entries = entries();
    assertThat(entries.stream().filter(entry -> entry.kind == ELF).map(Entry::architecture))
        .containsExactlyInAnyOrderElementsOf(ARCHITECTURES);
    assertThat(entries.stream().filter(entry -> entry.kind == PTX).map(Entry::architecture))
        .containsExactly(90);
    for (Entry entry : entries) {
      for (String kernel : KernelNames.read()) {
        String code = entry.kind == ELF ? ".text." + kernel + "\0" : ".entry " + kernel + "(";
        assertThat(entry.content.contains(code))
            .as("%s for %d", kernel, entry.architecture)
            .isTrue();
      }
    }
  }

  @Test
  void usesTheInstructionsOfEachCardAndNoLocalMemory() throws IOException {
    for (Entry entry : entries()) {
      if (entry.kind == ELF) {
        Map<String, Set<Operation>> kernels =
            new MachineCode(entry.content.getBytes(ISO_8859_1)).operations();
        for (String kernel : KernelNames.read()) {
          assertThat(kernels.get(kernel))
              .as("%s for %d", kernel, entry.architecture)
              .isNotNull()
              .doesNotContain(Operation.LDL, Operation.STL)
              .containsAll(expected(kernel, entry.architecture));
        }
      }
    }
  }

  private static Set<Operation> expected(String kernel, int architecture) {
    boolean product = kernel.startsWith("sluice_gemm_");
    boolean bytes = kernel.startsWith("sluice_gemm_s8_");
    Set<Operation> copies = architecture >= 80 ? Set.of(Operation.LDGSTS) : Set.of();
    Set<Operation> operations = EnumSet.noneOf(Operation.class);
    if (kernel.contains("_wg") && architecture != 90) {
      operations.add(Operation.BPT);
    } else if (kernel.contains("_wg")) {
      operations.addAll(copies);
      operations.add(Operation.FENCE_VIEW);
      operations.add(bytes ? Operation.IGMMA : Operation.HGMMA);
    } else if (product || kernel.startsWith("sluice_attention_")) {
      operations.addAll(copies);
      operations.add(Operation.LDSM);
      operations.add(bytes ? Operation.IMMA : Operation.HMMA);
    }
    return operations;
  }

  @Test
  void recordsEveryKernelWithoutSpills() throws IOException {
    List<String> kernels = new ArrayList<>();
    for (String[] line : records("kernel")) {
      assertThat(line[6]).as("bytes that %s spills for %s", line[2], line[1]).isEqualTo("0");
      kernels.add(line[1] + " " + line[2]);
    }
    List<String> expected = new ArrayList<>();
    for (int architecture : ARCHITECTURES) {
      for (String kernel : KernelNames.read()) {
        expected.add("sm_" + architecture + (architecture == 90 ? "a " : " ") + kernel);
      }
    }
    assertThat(kernels).containsExactlyInAnyOrderElementsOf(expected);
  }

  @Test
  void isWhatTheCompilerMakesOfThem() throws IOException, InterruptedException {
    boolean compiler =
        Stream.of(System.getenv("PATH").split(File.pathSeparator, -1))
            .anyMatch(folder -> Files.isExecutable(Path.of(folder, "nvcc")));
    if (!compiler) {
      System.out.println("no nvcc here: the kernels are not compiled again");
    }
    Assumptions.assumeTrue(compiler, "no nvcc here");

    Process check =
        new ProcessBuilder("bash", "build-fatbin", "--check", "80")
            .redirectErrorStream(true)
            .start();
    String output = new String(check.getInputStream().readAllBytes(), UTF_8);
    assertThat(check.waitFor()).as(output).isZero();
    assertThat(output).contains(KernelNames.read().size() + " kernels for sm_80 as recorded");
  }

  /** Lines of the record that begin so, cut at blanks. */
  private static List<String[]> records(String kind) throws IOException {
    return Files.readAllLines(RECORD).stream()
        .map(line -> line.split(" ", -1))
        .filter(words -> words[0].equals(kind))
        .toList();
  }

  private static List<Entry> entries() throws IOException {
    ByteBuffer file = ByteBuffer.wrap(Files.readAllBytes(BINARY)).order(ByteOrder.LITTLE_ENDIAN);
    assertThat(file.getInt(0)).as("magic").isEqualTo(0xBA55ED50);
    int header = file.getShort(6);
    assertThat(header + file.getLong(8)).as("size").isEqualTo(file.capacity());
    List<Entry> entries = new ArrayList<>();
    for (int at = header; at < file.capacity(); ) {
      int content = at + file.getInt(at + 4);
      int size = Math.toIntExact(file.getLong(at + 8));
      byte[] bytes = new byte[size];
      file.get(content, bytes);
      entries.add(
          new Entry(file.getShort(at), file.getInt(at + 28), new String(bytes, ISO_8859_1)));
      at = content + size;
    }
    return entries;
  }

  private static String sha256(Path file) throws IOException, NoSuchAlgorithmException {
    byte[] hash = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
    return HexFormat.of().formatHex(hash);
  }
}
