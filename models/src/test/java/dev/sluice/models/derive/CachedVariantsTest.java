// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.derive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.sluice.models.engine.EngineException;
import dev.sluice.models.repository.Found;
import dev.sluice.models.repository.SingleModel;
import dev.sluice.models.spec.ModelSpec;
import dev.sluice.models.testing.OnnxModels;
import dev.sluice.models.testing.Specs;
import dev.sluice.models.testing.TextModels;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Everything here is made by real child processes, of models that the engine really loads. */
class CachedVariantsTest {
  private static final FileTime LONG_AGO = FileTime.fromMillis(1_000_000_000_000L);

  @TempDir private Path folder;

  private ModelSpec model(float... weights) {
    return Specs.of(OnnxModels.matmul(2, 2, weights).write(folder.resolve("model/model.onnx")));
  }

  private CachedVariants variants(Class<? extends Recipe> recipe) {
    return new CachedVariants(folder.resolve("cache"), Long.MAX_VALUE, recipe, Runnable::run);
  }

  private DerivedVariant make(ModelSpec model) throws EngineException, InterruptedException {
    return variants(TestRecipes.Copying.class).make(model, "int8", VariantMaker.Progress.NONE);
  }

  private static Path entry(DerivedVariant made) {
    return Objects.requireNonNull(made.spec().file().getParent());
  }

  private int makings() throws IOException {
    try {
      return Files.readAllLines(folder.resolve("makings")).size();
    } catch (NoSuchFileException e) {
      return 0;
    }
  }

  /** What is in the cache but the folder of the lock files. */
  private List<String> cached() throws IOException {
    try (Stream<Path> entries = Files.list(folder.resolve("cache/derived"))) {
      return entries
          .map(entry -> entry.getFileName().toString())
          .filter(name -> !name.equals(".locks"))
          .toList();
    }
  }

  private String refusal(Class<? extends Recipe> recipe) {
    EngineException refused =
        assertThrows(
            EngineException.class,
            () -> variants(recipe).make(model(1, 2, 3, 4), "int8", VariantMaker.Progress.NONE));
    return String.valueOf(refused.getMessage());
  }

  @Test
  void aVariantIsMadeOnceAndTakenFromTheCacheAfterThat() throws Exception {
    ModelSpec model = model(1, 2, 3, 4);
    List<String> steps = new ArrayList<>();
    List<Double> shares = new ArrayList<>();
    DerivedVariant made =
        variants(TestRecipes.Copying.class)
            .make(
                model,
                "int8",
                (step, share) -> {
                  steps.add(step);
                  shares.add(share);
                });
    assertThat(steps).contains("copying", "loading", "measuring").endsWith("ready");
    assertThat(shares).isSorted().endsWith(1.0);
    assertThat(made.name()).isEqualTo("int8");
    assertThat(made.spec()).isEqualTo(model.withFile(made.spec().file(), null));
    assertThat(made.spec().file()).hasSameBinaryContentAs(model.file());
    assertThat(made.fidelity().cosineMin()).isEqualTo(1);
    assertThat(made.fidelity().batchCosineMin()).isGreaterThan(1 - 1e-12);
    assertThat(made.fidelity().sizeRatio()).isEqualTo(1);
    assertThat(made.fidelity().speedRatio()).isPositive();

    assertThat(make(model)).isEqualTo(made);
    assertThat(makings()).isEqualTo(1);
    Path entry = entry(made);
    assertThat(entry.resolve("fidelity.json")).content().contains("\"scheme\" : \"copied\"");
    assertThat(entry.resolve("report.txt"))
        .content()
        .contains("int8 of model, copied", "within the budget", "nothing was left out");
    try (Stream<Path> files = Files.list(entry)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder("model.onnx", "fidelity.json", "report.txt", "used");
    }
  }

  @Test
  void aModelThatChangedOrANewRecipeIsNeverServedStale() throws Exception {
    DerivedVariant first = make(model(1, 2, 3, 4));
    DerivedVariant second = make(model(1, 2, 3, 5));
    assertThat(second.spec().file()).isNotEqualTo(first.spec().file());
    DerivedVariant third =
        variants(TestRecipes.Newer.class)
            .make(model(1, 2, 3, 4), "int8", VariantMaker.Progress.NONE);
    assertThat(third.spec().file()).isNotEqualTo(first.spec().file());
    assertThat(makings()).isEqualTo(3);
    assertThat(make(model(1, 2, 3, 4))).isEqualTo(first);
    assertThat(makings()).isEqualTo(3);
  }

  @Test
  void whatIsDamagedIsMadeAnew() throws Exception {
    ModelSpec model = model(1, 2, 3, 4);
    Path file = make(model).spec().file();
    byte[] whole = Files.readAllBytes(file);
    byte[] flipped = whole.clone();
    flipped[whole.length / 2] ^= 1;
    Files.write(file, flipped);
    assertThat(make(model).spec().file()).hasBinaryContent(whole);
    assertThat(makings()).isEqualTo(2);

    Files.write(file, new byte[] {whole[0]});
    make(model);
    assertThat(makings()).isEqualTo(3);

    Files.writeString(file.resolveSibling("fidelity.json"), "{");
    assertThat(make(model).spec().file()).hasBinaryContent(whole);
    assertThat(makings()).isEqualTo(4);
  }

  @Test
  void aModelThatChangesWhileItsVariantIsMadeHasNone() throws Exception {
    assertThat(refusal(TestRecipes.Disturbing.class))
        .isEqualTo("model 'model' changed while its variant was being made");
    assertThat(cached()).isEmpty();
  }

  @Test
  void failuresAreOneLineAndLeaveNothing() throws Exception {
    assertThat(refusal(TestRecipes.Refusing.class))
        .isEqualTo("the variant int8 of model cannot be made: it has no weights");
    assertThat(refusal(TestRecipes.Crashing.class))
        .isEqualTo("the process that made the variant int8 of model crashed (signal 11)");
    assertThat(refusal(TestRecipes.Greedy.class))
        .isEqualTo("to make the variant int8 of model takes more than 384 MB of Java heap");
    assertThat(cached()).isEmpty();
  }

  @Test
  void aModelIsServedFasterFromTheSecondStartOn() throws Exception {
    ModelSpec model = textModel();
    List<Runnable> background = new ArrayList<>();
    CachedVariants variants =
        new CachedVariants(
            folder.resolve("cache"), Long.MAX_VALUE, TestRecipes.Copying.class, background::add);
    assertThat(variants.optimized(model)).isEqualTo(model);
    assertThat(variants.optimized(model)).isEqualTo(model);
    assertThat(background).hasSize(1);
    background.getFirst().run();
    ModelSpec optimized = variants.optimized(model);
    assertThat(optimized).isEqualTo(model.withFile(optimized.file(), model.text()));
    assertThat(optimized.file()).startsWith(folder.resolve("cache/derived"));
    assertThat(background).hasSize(1);

    ModelSpec tensors = model(1, 2, 3, 4);
    assertThat(variants.optimized(tensors)).isEqualTo(tensors);
  }

  @Test
  void whatIsFasterAndWrongIsNotServed() throws Exception {
    ModelSpec model = textModel();
    CachedVariants variants = variants(TestRecipes.Falsifying.class);
    assertThat(variants.optimized(model)).isEqualTo(model);
    assertThat(variants.optimized(model)).isEqualTo(model);
    assertThat(cached()).hasSize(1);
  }

  @Test
  void whatCannotBeMadeFasterIsServedAsItIs() throws Exception {
    ModelSpec model = textModel();
    CachedVariants variants = variants(TestRecipes.Refusing.class);
    assertThat(variants.optimized(model)).isEqualTo(model);
    assertThat(variants.optimized(model)).isEqualTo(model);
    assertThat(cached()).isEmpty();
  }

  private ModelSpec textModel() throws IOException {
    return switch (SingleModel.at(TextModels.write(folder.resolve("texts"), 1))) {
      case Found.Servable servable -> servable.specs().getFirst();
      case Found.Refused refused -> throw new AssertionError(refused.reason());
    };
  }

  @Test
  void aVariantThatIsNotOfferedIsRefused() {
    assertThatExceptionOfType(EngineException.class)
        .isThrownBy(
            () ->
                variants(TestRecipes.Copying.class)
                    .make(model(1, 2, 3, 4), "int4", VariantMaker.Progress.NONE))
        .withMessage("model 'model' has no variant 'int4': it could be made as [int8]");
  }

  @Test
  void aStopEndsWhatIsBeingMade() throws Exception {
    CachedVariants variants = variants(TestRecipes.Hanging.class);
    ModelSpec model = model(1, 2, 3, 4);
    CountDownLatch hanging = new CountDownLatch(1);
    CompletableFuture<String> end =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return variants
                    .make(
                        model,
                        "int8",
                        (step, share) -> {
                          if (step.equals("hanging")) {
                            hanging.countDown();
                          }
                        })
                    .name();
              } catch (EngineException e) {
                return e.getMessage();
              } catch (InterruptedException e) {
                return "interrupted";
              }
            });
    assertThat(hanging.await(60, TimeUnit.SECONDS)).isTrue();
    variants.stop();
    assertThat(end.get(60, TimeUnit.SECONDS))
        .isEqualTo("the server stopped while a variant was being made");
    assertThat(cached()).isEmpty();
  }

  @Test
  void whatCrashedMakersLeftIsRemoved() throws Exception {
    Path derived = Files.createDirectories(folder.resolve("cache/derived"));
    for (String left : List.of(".part-" + "a".repeat(64), ".gone-" + "b".repeat(64))) {
      Files.writeString(Files.createDirectory(derived.resolve(left)).resolve("model.onnx"), "x");
    }
    Path entry = entry(make(model(1, 2, 3, 4)));
    assertThat(cached()).containsExactly(entry.getFileName().toString());
  }

  @Test
  void whatWasNotUsedForLongestMakesRoomAndWhatIsInUseStays() throws Exception {
    Path derived = Files.createDirectories(folder.resolve("cache/derived"));
    for (int i = 0; i < 3; i++) {
      Path old = Files.createDirectory(derived.resolve(Integer.toString(i).repeat(64)));
      Files.write(old.resolve("model.onnx"), new byte[50_000]);
      Files.write(old.resolve("used"), new byte[1]);
      Files.setLastModifiedTime(
          old.resolve("used"), FileTime.fromMillis(LONG_AGO.toMillis() - 1000L * i));
    }
    Path held = entry(make(model(4, 3, 2, 1)));
    CachedVariants small =
        new CachedVariants(
            folder.resolve("cache"), 60_000, TestRecipes.Copying.class, Runnable::run);
    Path newest = entry(small.make(model(1, 2, 3, 4), "int8", VariantMaker.Progress.NONE));
    assertThat(cached())
        .containsExactlyInAnyOrder(
            "0".repeat(64), held.getFileName().toString(), newest.getFileName().toString());
  }

  @Test
  void twoProcessesAtOnceMakeItOnceAndTheSecondCannotBeRobbedOfIt() throws Exception {
    ModelSpec model = model(1, 2, 3, 4);
    Process one = server(model);
    Process two = server(model);
    try (BufferedReader first = one.inputReader(StandardCharsets.UTF_8);
        BufferedReader second = two.inputReader(StandardCharsets.UTF_8)) {
      said(first, "waiting");
      said(second, "waiting");
      go(one);
      go(two);
      Path file = Path.of(said(first, "made "));
      assertThat(said(second, "made ")).isEqualTo(file.toString());
      assertThat(file).hasSameBinaryContentAs(model.file());
      assertThat(makings()).isEqualTo(1);

      new CachedVariants(folder.resolve("cache"), 1, TestRecipes.Copying.class, Runnable::run)
          .make(model(4, 3, 2, 1), "int8", VariantMaker.Progress.NONE);
      assertThat(file).exists();
    } finally {
      one.destroyForcibly();
      two.destroyForcibly();
    }
  }

  /** What follows these words, wherever in the output a line begins with them. */
  private static String said(BufferedReader server, String words) throws IOException {
    for (String line = server.readLine(); line != null; line = server.readLine()) {
      if (line.startsWith(words)) {
        return line.substring(words.length());
      }
    }
    throw new AssertionError("the process ended before it said " + words);
  }

  private static void go(Process server) throws IOException {
    server.getOutputStream().write('\n');
    server.getOutputStream().flush();
  }

  private Process server(ModelSpec model) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElseThrow(),
                "-Xmx128m",
                "-XX:TieredStopAtLevel=1",
                MakeOne.class.getName(),
                folder.resolve("cache").toString(),
                model.file().toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
    return builder.start();
  }
}
