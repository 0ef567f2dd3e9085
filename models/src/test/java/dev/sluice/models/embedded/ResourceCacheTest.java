// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sluice.models.engine.EngineException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResourceCacheTest {
  private static final FileTime LONG_AGO = FileTime.fromMillis(1_000_000_000_000L);

  @TempDir private Path folder;

  private final byte[] bytes = new byte[100_000];
  private final AtomicInteger opened = new AtomicInteger();

  ResourceCacheTest() {
    new Random(3).nextBytes(bytes);
  }

  private Resource resource(String sha256) {
    return new Resource(
        "weights.bin",
        bytes.length,
        sha256,
        name -> {
          opened.incrementAndGet();
          return new ByteArrayInputStream(bytes);
        });
  }

  private String sha256() throws Exception {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
  }

  private Path cached() {
    return folder.resolve("deep/below/weights.bin");
  }

  private void provide(Resource resource) throws EngineException {
    new ResourceCache(folder.resolve("deep/below")).provide(List.of(resource));
  }

  private List<String> files() {
    try (Stream<Path> files = Files.list(folder.resolve("deep/below"))) {
      return files.map(file -> file.getFileName().toString()).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void unpacksOnceAndTakesTheFileAfterThat() throws Exception {
    provide(resource(sha256()));
    assertThat(cached()).hasBinaryContent(bytes);
    assertThat(files()).containsExactlyInAnyOrder("weights.bin", ".lock");
    Files.setLastModifiedTime(cached(), LONG_AGO);

    provide(resource(sha256()));
    assertThat(opened).hasValue(1);
    assertThat(Files.getLastModifiedTime(cached())).isEqualTo(LONG_AGO);
  }

  @Test
  void rebuildsADamagedFile() throws Exception {
    provide(resource(sha256()));
    Files.write(cached(), new byte[] {1, 2, 3});
    provide(resource(sha256()));
    assertThat(cached()).hasBinaryContent(bytes);
  }

  @Test
  void whatACrashLeftBehindDoesNotMatter() throws Exception {
    Files.createDirectories(cached().getParent());
    Files.write(cached().resolveSibling("weights.bin.part"), new byte[bytes.length + 5]);
    provide(resource(sha256()));
    assertThat(cached()).hasBinaryContent(bytes);
    assertThat(files()).containsExactlyInAnyOrder("weights.bin", ".lock");
  }

  @Test
  void threadsThatUnpackAtOnceUnpackOnce() throws Exception {
    String sha256 = sha256();
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      List<Future<?>> runs = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        runs.add(
            threads.submit(
                () -> {
                  provide(resource(sha256));
                  return null;
                }));
      }
      for (Future<?> run : runs) {
        run.get();
      }
    }
    assertThat(opened).hasValue(1);
    assertThat(cached()).hasBinaryContent(bytes);
  }

  @Test
  void otherBytesThanKnownAreRefusedAndNotKept() {
    String wrong = "0".repeat(64);
    assertThatExceptionOfType(EngineException.class)
        .isThrownBy(() -> provide(resource(wrong)))
        .withMessageContaining("/weights.bin")
        .withMessageContaining(wrong);
    assertThat(files()).containsExactly(".lock");
  }

  @Test
  void missingResourceIsNamed() {
    Resource missing = Resource.onClassPath("no-such-weights.bin", 1, "");
    assertThatExceptionOfType(EngineException.class)
        .isThrownBy(() -> provide(missing))
        .withMessageContaining("not on the class path")
        .withMessageContaining("/no-such-weights.bin");
  }

  @Test
  void folderThatCannotBeMadeIsNamed() throws Exception {
    Files.write(folder.resolve("deep"), new byte[0]);
    assertThatExceptionOfType(EngineException.class)
        .isThrownBy(() -> provide(resource(sha256())))
        .withMessageContaining("cannot be unpacked into")
        .withMessageContaining("deep");
  }
}
