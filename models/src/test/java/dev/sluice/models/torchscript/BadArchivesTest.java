// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.torchscript;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.models.engine.EngineException;
import dev.sluice.models.testing.TorchScripts;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each is one line that says what is wrong, and leaves nothing behind. */
class BadArchivesTest {
  @TempDir Path folder;

  private Path source() {
    return folder.resolve("model.pt");
  }

  private void assertRefused(String why) {
    assertThatThrownBy(
            () ->
                TorchScriptQuantizer.quantize(
                    source(), folder.resolve("model-int8.pt"), (step, share) -> {}))
        .isInstanceOf(EngineException.class)
        .hasMessageStartingWith(source() + " cannot be made INT8: ")
        .hasMessageContaining(why)
        .hasMessageNotContaining("\n");
  }

  @AfterEach
  void nothingIsLeft() {
    assertThat(folder).isDirectoryNotContaining(file -> !file.equals(source()));
  }

  @Test
  void noFile() {
    assertRefused("there is no file");
  }

  @Test
  void notAnArchive() throws Exception {
    Files.writeString(source(), "weights");
    assertRefused("the file is not a TorchScript archive: it is not a zip archive");
  }

  @Test
  void weightsWithoutCode() {
    TorchScripts.weightsOnly(source());
    assertRefused("it lacks data.pkl, constants.pkl or code/");
  }

  @Test
  void cutShort() throws Exception {
    byte[] whole = Files.readAllBytes(Nets.scriptedMlp(source()));
    Files.write(source(), Arrays.copyOf(whole, whole.length / 2));
    assertRefused("the archive is cut short or damaged");
  }

  @Test
  void noLinearLayers() {
    TorchScripts.add(source());
    assertRefused("it has no linear layers");
  }

  @Test
  void noneThatCanBe() {
    TorchScripts.linear(source(), 1, 2, 3, 4);
    assertRefused("none of its 1 linear layers can be; weight: it is too small to gain from INT8");
  }

  @Test
  void int8Already() throws Exception {
    Path other = folder.resolve("other.pt");
    TorchScriptQuantizer.quantize(Nets.scriptedMlp(other), source(), (step, share) -> {});
    Files.delete(other);
    assertRefused("it is INT8 already");
  }

  @Test
  void weightsThatAreMissingOrShort() {
    ScriptNet net = new ScriptNet();
    PickleValue weights = net.tensor(128, 128);
    net.single(source(), "return torch.linear(x, self.w)", "w", weights);

    net.put("data/0", "short").write(source());
    assertRefused("the archive's data/0 has 5 bytes, fewer than the 65536 of its tensor");

    net.without("data/0").write(source());
    assertRefused("the archive lacks the weights data/0");
  }

  @Test
  void bigEndian() {
    ScriptNet net = new ScriptNet();
    net.put("byteorder", "big");
    net.single(source(), "return torch.linear(x, self.w)", "w", net.tensor(128, 128));
    assertRefused("its weights are big-endian");
  }

  @Test
  void codeThatIsNotCode() {
    ScriptNet net = new ScriptNet();
    net.single(source(), "return torch.linear(x, self.w)", "w", net.tensor(128, 128));

    net.code("__torch__", "def f(x: (").write(source());
    assertRefused("code/__torch__.py cannot be read: a bracket is not closed");

    net.code("__torch__", "(".repeat(1_000)).write(source());
    assertRefused("its brackets are nested more than 200 deep");

    net.code("__torch__", "x = \"").write(source());
    assertRefused("a string does not end");

    net.code("__torch__", "").code("__torch__.new\nline", "(").write(source());
    assertRefused("code/__torch__/new?line.py cannot be read");
  }

  @Test
  void entriesOutsideOfTheOneFolder() {
    ScriptNet net = new ScriptNet();
    net.put("../x", "");
    net.single(source(), "return torch.linear(x, self.w)", "w", net.tensor(128, 128));
    assertRefused("its entries are not in one folder");
  }

  @Test
  void compressedEntriesThatUnpackToALot() throws Exception {
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(source()))) {
      zip.putNextEntry(new ZipEntry("net/data/0"));
      byte[] zeros = new byte[1 << 20];
      for (int i = 0; i < 300; i++) {
        zip.write(zeros);
      }
    }
    assertRefused("its compressed entries are too large");
  }
}
