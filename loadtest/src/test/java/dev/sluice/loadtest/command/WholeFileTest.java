// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.loadtest.support.InferenceServer;
import dev.sluice.loadtest.support.LoadTest;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of a run where the disk is full. */
final class WholeFileTest {
  private static final Path FULL = Path.of("/dev/full");

  @TempDir private Path folder;

  private void assertFull(Path file) {
    assertThatThrownBy(
            () ->
                WholeFile.text(
                    file,
                    out -> {
                      out.write("half of it");
                      throw new IOException("No space left on device");
                    }))
        .isInstanceOf(IOException.class)
        .hasMessage("No space left on device");
  }

  @Test
  void whatCannotBeWrittenWholeLeavesWhatWasThere() throws Exception {
    Path file = folder.resolve("report.json");
    assertFull(file);
    assertThat(folder).isEmptyDirectory();
    WholeFile.text(file, out -> out.write("the first"));
    assertFull(file);
    assertThat(file).hasContent("the first");
    WholeFile.text(file, out -> out.write("the second"));
    assertThat(file).hasContent("the second");
    assertThat(folder.toFile().list()).containsExactly("report.json");
  }

  @Test
  void aLinkStaysALink() throws Exception {
    Path file = Files.writeString(folder.resolve("report-1"), "old");
    Path link = Files.createSymbolicLink(folder.resolve("latest"), file);
    WholeFile.text(link, out -> out.write("new"));
    assertThat(link).isSymbolicLink();
    assertThat(file).hasContent("new");
  }

  /** As {@code -o /dev/stdout} is, whatever that leads to. */
  @Test
  void aStreamOfTheProcessIsWrittenTo() throws Exception {
    Path file = Files.writeString(folder.resolve("redirected"), "old");
    try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "r")) {
      Path stream = descriptor(file);
      WholeFile.text(stream, out -> out.write("new"));
      assertThat(open.readLine()).as("the file that was open").isEqualTo("new");
    }
  }

  private static Path descriptor(Path file) throws IOException {
    Path descriptors = Path.of("/proc/self/fd");
    assumeTrue(Files.isDirectory(descriptors));
    try (DirectoryStream<Path> all = Files.newDirectoryStream(descriptors)) {
      for (Path each : all) {
        if (Files.isSymbolicLink(each) && Files.readSymbolicLink(each).equals(file.toRealPath())) {
          return each;
        }
      }
    }
    throw new AssertionError("no descriptor of " + file);
  }

  @Test
  void whatCouldNotBeWrittenIsSaidAndTheRestIsWritten() throws Exception {
    if (!Files.isWritable(FULL)) {
      System.out.println("SKIPPED: there is no /dev/full");
    }
    assumeTrue(Files.isWritable(FULL));
    Path golden = folder.resolve("golden");
    try (InferenceServer server = new InferenceServer()) {
      LoadTest ran =
          LoadTest.run(
              "--insecure",
              "--target=sluice",
              "-n5",
              "-c1",
              "--output=" + FULL,
              "--hgrm=" + FULL,
              "--hlog=" + FULL,
              "--junit=" + folder.resolve("junit.xml"),
              "--golden-record=" + golden,
              server.host());
      assertThat(ran.err())
          .contains("sluice: report: output: No space left on device; hgrm: ")
          .contains("; hlog: it is not whole\n");
      assertThat(ran.code()).isEqualTo(1);
    }
    assertThat(folder.resolve("junit.xml")).content().contains("</testsuite>");
    assertThat(golden).content().hasLineCount(5);
  }
}
