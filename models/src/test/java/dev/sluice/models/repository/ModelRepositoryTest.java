// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.repository;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelRepositoryTest {
  private final Disk disk;
  private final Path outside;
  private final ModelRepository repository;

  ModelRepositoryTest(@TempDir Path folder) throws IOException {
    disk = new Disk(folder.resolve("root"));
    outside = Files.createDirectories(folder.resolve("outside"));
    Files.createDirectories(folder.resolve("root"));
    repository = new ModelRepository(folder.resolve("root"));
  }

  private List<String> served() throws IOException {
    return repository.scan().stream()
        .filter(Found.Servable.class::isInstance)
        .map(Found::name)
        .toList();
  }

  private List<String> refused() throws IOException {
    return repository.scan().stream()
        .filter(Found.Refused.class::isInstance)
        .map(Found::name)
        .toList();
  }

  private String reason(String name) throws IOException {
    return repository.find(name).orElseThrow() instanceof Found.Refused refused
        ? refused.reason()
        : "";
  }

  @Test
  void badModelsDoNotStopTheGood() throws IOException {
    disk.onnx("zoo.onnx").textModel("text").onnx("triton/1/model.onnx").torchScript("bare/a.pt");
    disk.text("broken/model.onnx", "garbage").text("python/model.py", "x").text("a b/x", "x");
    disk.text("typo/config.pbtxt", "nmae: 'typo'").text("empty/README", "x");
    disk.text("bad.onnx", "x").text(".hidden/model.onnx", "x").text("README.md", "x");
    assertThat(served()).containsExactly("bare", "text", "triton", "zoo");
    assertThat(refused()).containsExactly("a b", "bad", "broken", "empty", "python", "typo");
    assertThat(repository.scan().stream().map(Found::name).toList()).isSorted();
  }

  @Test
  void anEmptyRepositoryHoldsNothing() throws IOException {
    assertThat(repository.scan()).isEmpty();
    assertThat(repository.fingerprints()).isEmpty();
    assertThat(repository.find("m")).isEmpty();
  }

  @Test
  void aMissingRepositoryIsAnError() {
    assertThatThrownBy(() -> new ModelRepository(disk.path("gone")).scan())
        .isInstanceOf(NoSuchFileException.class);
  }

  @Test
  void oneModelCanBeFoundByName() throws IOException {
    disk.onnx("a/model.onnx").text("b/model.onnx", "x");
    assertThat(repository.find("a").orElseThrow()).isInstanceOf(Found.Servable.class);
    assertThat(repository.find("b").orElseThrow()).isInstanceOf(Found.Refused.class);
    assertThat(repository.find("c")).isEmpty();
  }

  @Test
  void aFolderThatIsALinkOutIsRefused() throws IOException {
    new Disk(outside).onnx("m/model.onnx");
    Files.createSymbolicLink(disk.path("m"), outside.resolve("m"));
    Files.createSymbolicLink(disk.path("self"), Path.of("."));
    Files.createSymbolicLink(disk.path("nowhere"), Path.of("gone"));
    assertThat(reason("m")).contains("a symbolic link out of the repository");
    assertThat(reason("self")).contains("a symbolic link out of the repository");
    assertThat(reason("nowhere")).contains("leads nowhere");
  }

  @Test
  void aFolderThatIsALinkInsideIsServed() throws IOException {
    disk.onnx("real/model.onnx");
    Files.createSymbolicLink(disk.path("alias"), Path.of("real"));
    assertThat(served()).containsExactly("alias", "real");
  }

  @Test
  void everyFileMustBeInTheModelsOwnFolder() throws IOException {
    Disk other = new Disk(outside).onnx("model.onnx").text("text", "lanes: 1");
    disk.onnx("neighbour/model.onnx");
    link("weights/model.onnx", other.path("model.onnx"));
    link("neighbours/model.onnx", disk.path("neighbour/model.onnx"));
    link("settings/model.yaml", other.path("text"));
    link("config/config.pbtxt", other.path("text"));
    link("version/1/model.onnx", other.path("model.onnx"));
    disk.textModel("text");
    Files.delete(disk.path("text/tokenizer.json"));
    link("text/tokenizer.json", other.path("text"));
    link("file.onnx", other.path("model.onnx"));
    Files.createDirectories(disk.path("folder"));
    Files.createSymbolicLink(disk.path("folder/1"), outside);
    assertThat(served()).containsExactly("neighbour");
    for (String name : refused()) {
      assertThat(reason(name)).contains("is a symbolic link out of the model's folder");
    }
    assertThat(refused()).hasSize(8);
  }

  @Test
  void linksInsideOfAModelsFolderAreFollowed() throws IOException {
    disk.onnx("m/data/real.onnx");
    link("m/1/model.onnx", Path.of("../data/real.onnx"));
    assertThat(served()).containsExactly("m");
  }

  @Test
  void aFolderInPlaceOfAFileIsRefused() throws IOException {
    Files.createDirectories(disk.path("m/config.pbtxt"));
    assertThat(reason("m")).isEqualTo("config.pbtxt is not a regular file");
  }

  private void link(String relative, Path target) throws IOException {
    Path link = disk.path(relative);
    if (link.getParent() != null) {
      Files.createDirectories(link.getParent());
    }
    Files.createSymbolicLink(link, target);
  }
}
