// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.repository;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.models.spec.EngineKind;
import dev.sluice.models.spec.ModelSpec;
import dev.sluice.models.spec.Task;
import dev.sluice.models.spec.TextSpec;
import dev.sluice.models.spec.TextSpec.Pooling;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HuggingFaceLayoutTest {
  private static final String OLD_MODULES =
      """
      [{"idx":0,"name":"0","path":"","type":"sentence_transformers.models.Transformer"},
       {"idx":1,"name":"1","path":"1_Pooling","type":"sentence_transformers.models.Pooling"},
       {"idx":2,"name":"2","path":"2_Normalize","type":"sentence_transformers.models.Normalize"}]
      """;
  private static final String NEW_MODULES =
      """
      [{"idx":0,"path":"0_Transformer",
        "type":"sentence_transformers.base.modules.transformer.Transformer"},
       {"idx":1,"path":"1_Pooling",
        "type":"sentence_transformers.sentence_transformer.modules.pooling.Pooling"}]
      """;

  private final Disk disk;

  HuggingFaceLayoutTest(@TempDir Path root) throws IOException {
    disk = new Disk(root).textModel("m");
  }

  private TextSpec text() throws IOException {
    return Objects.requireNonNull(disk.spec().text());
  }

  @Test
  void aFolderOfTheOldFormIsAnEmbedder() throws IOException {
    disk.text("m/modules.json", OLD_MODULES)
        .text("m/1_Pooling/config.json", "{\"pooling_mode_mean_tokens\":true}")
        .text("m/sentence_bert_config.json", "{\"max_seq_length\":256,\"do_lower_case\":true}");
    ModelSpec spec = disk.spec();
    assertThat(spec.task()).isEqualTo(Task.EMBED);
    assertThat(spec.engine()).isEqualTo(EngineKind.ONNX_RUNTIME);
    assertThat(spec.version()).isEqualTo(1);
    assertThat(spec.file()).isEqualTo(disk.path("m/onnx/model.onnx").toRealPath());
    assertThat(text())
        .isEqualTo(
            new TextSpec(
                disk.path("m/tokenizer.json").toRealPath(), 256, true, Pooling.MEAN, true, 0));
  }

  @Test
  void aFolderOfTheNewFormIsAnEmbedder() throws IOException {
    Files.createDirectory(disk.path("m/0_Transformer"));
    for (String file : new String[] {"config.json", "tokenizer.json", "onnx"}) {
      Files.move(disk.path("m/" + file), disk.path("m/0_Transformer/" + file));
    }
    disk.text("m/modules.json", NEW_MODULES)
        .text("m/1_Pooling/config.json", "{\"pooling_mode\":\"cls\"}");
    assertThat(disk.spec().file()).endsWithRaw(Path.of("0_Transformer/onnx/model.onnx"));
    assertThat(text().pooling()).isEqualTo(Pooling.CLS);
    assertThat(text().normalize()).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"pooling_mode_cls_token\":true,\"pooling_mode_mean_tokens\":false} | CLS",
        "{\"pooling_mode_lasttoken\":true} | LAST_TOKEN",
        "{\"pooling_mode_mean_tokens\":false} | MEAN",
        "{\"word_embedding_dimension\":384} | MEAN",
        "{\"pooling_mode\":\"mean\"} | MEAN",
        "{\"pooling_mode\":\"lasttoken\"} | LAST_TOKEN",
        "{\"pooling_mode\":[\"cls\"]} | CLS"
      })
  void poolingIsReadInBothForms(String config, Pooling pooling) throws IOException {
    disk.text("m/modules.json", OLD_MODULES).text("m/1_Pooling/config.json", config);
    assertThat(text().pooling()).isEqualTo(pooling);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"pooling_mode_max_tokens\":true} | pooling max_tokens is not supported",
        "{\"pooling_mode_mean_sqrt_len_tokens\":true} | mean_sqrt_len_tokens is not supported",
        "{\"pooling_mode_weightedmean_tokens\":true} | weightedmean_tokens is not supported",
        "{\"pooling_mode\":\"max\"} | pooling max is not supported",
        "{\"pooling_mode\":[\"cls\",\"mean\"]} | joining several poolings cls + mean",
        "{\"pooling_mode_cls_token\":true,\"pooling_mode_mean_tokens\":true} | joining several",
        "{\"pooling_mode\":3} | must be a word",
        "{\"pooling_mode_cls_token\":\"yes\"} | must be true or false",
        "{\"pooling_mode\" | is not valid JSON at line 1",
        "[] | must hold a JSON object"
      })
  void otherPoolingsAreRefused(String config, String reason) throws IOException {
    disk.text("m/modules.json", OLD_MODULES).text("m/1_Pooling/config.json", config);
    assertThat(disk.reason()).startsWith("1_Pooling/config.json").contains(reason);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "[{'path':'','type':'x.Transformer'},{'path':'2_Dense','type':'x.Dense'}] | a Dense step",
        "[{'path':'','type':'x.Transformer'},{'path':'c','type':'x.CNN'}] | 'CNN' is not supported",
        "[{'path':'','type':'x.Pooling'}] | must begin with its one Transformer",
        "[{'path':'../o','type':'x.Transformer'}] | '../o' leads out of the model's folder",
        "[{'path':'','type':'x.Transformer'},{'path':'/etc','type':'x.Pooling'}] | leads out",
        "[{'path':'','type':'x.Transformer'},{'path':'gone','type':'x.Pooling'}] | gone is missing",
        "[{'type':'x.Transformer'}] | every step needs a path and a type",
        "{} | must hold a list of steps",
        "[] | must hold a list of steps"
      })
  void stepsThatAreNotSupportedAreRefused(String modules, String reason) throws IOException {
    disk.text("m/modules.json", modules.replace('\'', '"'));
    assertThat(disk.reason()).contains(reason);
  }

  @Test
  void withoutAnyPoolingFileTheMeanIsTaken() throws IOException {
    assertThat(text().pooling()).isEqualTo(Pooling.MEAN);
    assertThat(text().normalize()).isFalse();
  }

  @Test
  void aGraphThatPoolsByItselfIsNotPooledAgain() throws IOException {
    disk.bytes("m/onnx/model.onnx", Disk.identity("sentence_embedding", 2).toByteArray())
        .text("m/1_Pooling/config.json", "{\"pooling_mode\":\"cls\"}");
    assertThat(text().pooling()).isEqualTo(Pooling.NONE);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'model_type':'bert','max_position_embeddings':512} | {} | {} | 512 | 0",
        "{'model_type':'roberta','max_position_embeddings':514,'pad_token_id':1} | {} | {} | 512 |"
            + " 1",
        "{'model_type':'mpnet','max_position_embeddings':514,'pad_token_id':1} | {} | {} | 512 | 1",
        "{'model_type':'bert','max_position_embeddings':512} | {'max_seq_length':128} | {} | 128 |"
            + " 0",
        "{'model_type':'bert','max_position_embeddings':512} | {'max_seq_length':null} |"
            + " {'model_max_length':384} | 384 | 0",
        "{'model_type':'bert','max_position_embeddings':512} | {} | {'model_max_length':1e30} | 512"
            + " | 0",
        "{'model_type':'bert','max_position_embeddings':512} | {'max_seq_length':4096} | {} | 512 |"
            + " 0",
        "{'model_type':'t5'} | {} | {'model_max_length':512,'pad_token':'<pad>'} | 512 | 7",
        "{'model_type':'t5'} | {} | {'model_max_length':77,'pad_token':{'content':'<pad>'}} | 77 |"
            + " 7"
      })
  void theLongestInputAndThePaddingAreFound(
      String config, String sentence, String tokenizer, int maxTokens, int padId)
      throws IOException {
    disk.text("m/config.json", config.replace('\'', '"'))
        .text("m/sentence_bert_config.json", sentence.replace('\'', '"'))
        .text("m/tokenizer_config.json", tokenizer.replace('\'', '"'));
    assertThat(text().maxTokens()).isEqualTo(maxTokens);
    assertThat(text().padId()).isEqualTo(padId);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'model_type':'t5'} | no file says how long an input may be; set max_tokens",
        "{'max_position_embeddings':-5} | must be a whole number, at least 1",
        "{'max_position_embeddings':'many'} | must be a whole number, at least 1",
        "{'model_type':'roberta','max_position_embeddings':2,'pad_token_id':1} | leaves no"
            + " positions",
        "{'max_position_embeddings':512,'pad_token_id':-1} | pad_token_id must be a token id",
        "{'a':1,'a':2} | is not valid JSON at line 1",
        "[] | config.json must hold a JSON object"
      })
  void aWrongConfigurationIsRefused(String config, String reason) throws IOException {
    disk.text("m/config.json", config.replace('\'', '"'));
    assertThat(disk.reason()).contains(reason);
  }

  @Test
  void jsonWithoutEndIsRefused() throws IOException {
    disk.text("m/config.json", "[".repeat(100_000));
    assertThat(disk.reason()).startsWith("config.json is not valid JSON");
  }

  @Test
  void aMissingTokenizerIsRefusedWithTheWayToGetOne() throws IOException {
    Files.delete(disk.path("m/tokenizer.json"));
    disk.text("m/vocab.txt", "a");
    assertThat(disk.reason())
        .startsWith("tokenizer.json is missing")
        .contains("use_fast=True).save_pretrained");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"model\":{\"vocab\":{\"a\":1} | is not valid JSON",
        "{\"version\":\"1.0\"} | has no model",
        "[] | must hold a JSON object",
        "version https://git-lfs.github.com/spec/v1 | is not valid JSON"
      })
  void aWrongTokenizerIsRefused(String content, String reason) throws IOException {
    disk.text("m/tokenizer.json", content);
    assertThat(disk.reason()).startsWith("tokenizer.json").contains(reason);
  }

  @Test
  void weightsAloneAreRefusedWithTheWayToExportThem() throws IOException {
    Files.delete(disk.path("m/onnx/model.onnx"));
    disk.text("m/model.safetensors", "weights");
    assertThat(disk.reason())
        .contains("only weights (model.safetensors)")
        .contains("optimum-cli export onnx");
  }

  @Test
  void theFileInTheFolderItselfComesFirst() throws IOException {
    disk.bytes("m/model.onnx", Disk.identity("last_hidden_state", 3).toByteArray());
    assertThat(disk.spec().file()).isEqualTo(disk.path("m/model.onnx").toRealPath());
  }

  @Test
  void aLoneVariantIsTakenAndSeveralAreAsked() throws IOException {
    Files.move(disk.path("m/onnx/model.onnx"), disk.path("m/onnx/model_O4.onnx"));
    assertThat(disk.spec().file()).hasFileName("model_O4.onnx");
    disk.onnx("m/onnx/model_qint8_avx512.onnx");
    assertThat(disk.reason())
        .contains("onnx/model_O4.onnx, onnx/model_qint8_avx512.onnx; name one as 'file'");
    disk.text("m/model.yaml", "file: onnx/model_qint8_avx512.onnx");
    assertThat(disk.spec().file()).hasFileName("model_qint8_avx512.onnx");
  }

  @Test
  void aClassifierIsServedOverItsTensors() throws IOException {
    disk.text("m/config.json", "{\"architectures\":[\"BertForSequenceClassification\"]}");
    Files.delete(disk.path("m/tokenizer.json"));
    assertThat(disk.spec().task()).isEqualTo(Task.TENSOR);
    assertThat(disk.spec().text()).isNull();
  }

  @Test
  void anImageModelIsServedOverItsTensors() throws IOException {
    Files.delete(disk.path("m/tokenizer.json"));
    disk.text("m/preprocessor_config.json", "{}").onnx("m/model.onnx");
    assertThat(disk.spec().task()).isEqualTo(Task.TENSOR);
  }

  @Test
  void aDamagedGraphIsRefused() throws IOException {
    disk.text("m/onnx/model.onnx", "\u0008\u0008garbage");
    assertThat(disk.reason()).startsWith("model.onnx is not a");
  }

  @Test
  void aTextModelNeedsNoConfigurationWhenTheOperatorFillsItIn() throws IOException {
    Files.delete(disk.path("m/config.json"));
    assertThat(disk.reason()).contains("config.json is missing").contains("max_tokens");
    disk.text(
        "m/model.yaml", "task: embed\npooling: last_token\nnormalize: true\nmax_tokens: 99\n");
    assertThat(text().maxTokens()).isEqualTo(99);
    assertThat(text().pooling()).isEqualTo(Pooling.LAST_TOKEN);
    assertThat(text().normalize()).isTrue();
  }
}
