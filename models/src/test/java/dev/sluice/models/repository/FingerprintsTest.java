// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.repository;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FingerprintsTest {
  private final Disk disk;
  private final ModelRepository repository;

  FingerprintsTest(@TempDir Path root) throws IOException {
    disk = new Disk(root).onnx("m/model.onnx").text("m/sub/labels.txt", "a").onnx("file.onnx");
    repository = new ModelRepository(root);
  }

  private Fingerprint now(String name) throws IOException {
    return Objects.requireNonNull(repository.fingerprints().get(name));
  }

  @Test
  void theSameFilesGiveTheSameFingerprint() throws IOException {
    assertThat(repository.fingerprints()).containsOnlyKeys("file", "m");
    assertThat(repository.fingerprints()).isEqualTo(repository.fingerprints());
  }

  @Test
  void sizesTimesNamesAndLinksCount() throws IOException {
    Fingerprint start = now("m");
    disk.text("m/sub/labels.txt", "ab");
    Fingerprint longer = now("m");
    Files.setLastModifiedTime(disk.path("m/sub/labels.txt"), FileTime.fromMillis(1));
    Fingerprint older = now("m");
    Files.move(disk.path("m/sub/labels.txt"), disk.path("m/sub/names.txt"));
    Fingerprint renamed = now("m");
    Files.createSymbolicLink(disk.path("m/link"), Path.of("sub/names.txt"));
    Fingerprint linked = now("m");
    Files.delete(disk.path("m/link"));
    assertThat(start).isNotIn(longer, older, renamed, linked);
    assertThat(longer).isNotIn(older, renamed, linked);
    assertThat(renamed).isNotEqualTo(linked).isEqualTo(now("m"));
  }

  @Test
  void aFileThatIsTooLargeToReadCountsByItsSizeAndTime() throws IOException {
    Path large = disk.path("m/weights.bin");
    try (RandomAccessFile file = new RandomAccessFile(large.toFile(), "rw")) {
      file.setLength(1L << 40);
    } catch (IOException e) {
      assumeThat(false).as("the file system takes no sparse file of that size").isTrue();
    }
    Files.setLastModifiedTime(large, FileTime.fromMillis(1));
    Optional<Fingerprint> start = repository.contentFingerprint("m");
    assertThat(repository.contentFingerprint("m")).isPresent().isEqualTo(start);
    Files.setLastModifiedTime(large, FileTime.fromMillis(2));
    assertThat(repository.contentFingerprint("m")).isNotEqualTo(start);
  }

  @Test
  void aFileSwappedForOneOfTheSameSizeAndTimeIsNoticed() throws IOException {
    Path labels = disk.path("m/sub/labels.txt");
    Fingerprint start = now("m");
    disk.text("other", "b");
    Files.setLastModifiedTime(disk.path("other"), Files.getLastModifiedTime(labels));
    Files.move(disk.path("other"), labels, StandardCopyOption.REPLACE_EXISTING);
    assertThat(now("m")).isNotEqualTo(start);
  }

  @Test
  void aModelOfOneFileIncludesWhatBelongsToItAndNothingElse() throws IOException {
    Fingerprint start = now("file");
    disk.text("other.txt", "x").text("m/more", "x");
    assertThat(now("file")).isEqualTo(start);
    disk.text("file.onnx.data", "x");
    assertThat(now("file")).isNotEqualTo(start);
  }

  @Test
  void contentsDecideWhatTimesDoNot() throws IOException {
    Fingerprint start = repository.contentFingerprint("m").orElseThrow();
    Files.setLastModifiedTime(disk.path("m/model.onnx"), FileTime.fromMillis(1));
    assertThat(repository.contentFingerprint("m")).hasValue(start);
    disk.text("m/sub/labels.txt", "b");
    assertThat(repository.contentFingerprint("m").orElseThrow()).isNotEqualTo(start);
  }

  @Test
  void aCopyHasTheSameContents(@TempDir Path other) throws IOException {
    new Disk(other).onnx("m/model.onnx").text("m/sub/labels.txt", "a");
    assertThat(new ModelRepository(other).contentFingerprint("m"))
        .isEqualTo(repository.contentFingerprint("m"));
  }

  @Test
  void contentsOutsideOfTheFolderAreNotRead(@TempDir Path other) throws IOException {
    Path secret = Files.writeString(other.resolve("secret"), "one");
    Files.createSymbolicLink(disk.path("m/link"), secret);
    Fingerprint before = repository.contentFingerprint("m").orElseThrow();
    Files.writeString(secret, "two");
    assertThat(repository.contentFingerprint("m")).hasValue(before);
  }
}
