// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RouterTest {
  private static final Deployment ONE = FakeModels.embedding("texts", 2);
  private static final Deployment TWO = FakeModels.embedding("texts", 10);

  private static ServingTable table(String incomplete) {
    NavigableMap<Long, VersionVariants> versions =
        new TreeMap<>(Map.of(2L, FakeModels.alone(ONE), 10L, FakeModels.alone(TWO)));
    return new ServingTable(Map.of("texts", versions), Map.of("late", "loading"), incomplete);
  }

  private static Deployment route(String name, String version, String variant) {
    return new Router(() -> table("")).route(new ModelRef(name, version, variant), true);
  }

  private static Problem refused(ServingTable table, String name, String version, String variant) {
    return catchThrowableOfType(
            ProblemException.class,
            () -> new Router(() -> table).route(new ModelRef(name, version, variant), true))
        .problem();
  }

  @Test
  void noVersionMeansTheNewestByNumberAndNoNameTheOnlyEmbedder() {
    assertThat(route("texts", "", "")).isSameAs(TWO);
    assertThat(route("texts", "2", "fp32")).isSameAs(ONE);
    assertThat(route("", "", "")).isSameAs(TWO);
  }

  @ParameterizedTest
  @ValueSource(strings = {"3", "02", "+2", "2 ", "-2", "99999999999999999999"})
  void onlyTheExactSpellingOfAVersionNamesIt(String version) {
    Problem problem = refused(table(""), "texts", version, "");
    assertThat(problem).isInstanceOf(Problem.NotFound.class);
    assertThat(problem.message()).contains("[2, 10]");
  }

  @Test
  void anotherVariantIsNotFoundAndTakesNoLease() {
    Deployment alone = FakeModels.embedding("alone", 1);
    ServingTable table =
        new ServingTable(
            Map.of("alone", new TreeMap<>(Map.of(1L, FakeModels.alone(alone)))), Map.of(), "");
    Problem problem = refused(table, "alone", "", "int8");
    assertThat(problem).isInstanceOf(Problem.NotFound.class);
    assertThat(problem.message()).contains("fp32");
    assertThat(FakeModels.unused(alone)).isTrue();
  }

  @Test
  void aModelThatWaitsIsUnavailableAndAnUnknownOneIsNotFound() {
    assertThat(refused(table(""), "late", "", "")).isInstanceOf(Problem.Unavailable.class);
    Problem unknown = refused(table(""), "nobody", "", "");
    assertThat(unknown).isInstanceOf(Problem.NotFound.class);
    assertThat(unknown.message()).contains("texts");
  }

  @Test
  void whileTheServerStartsAnUnknownModelMayYetCome() {
    Problem problem = refused(table("the server is starting"), "nobody", "", "");
    assertThat(problem).isInstanceOf(Problem.Unavailable.class);
    ServingTable empty = new ServingTable(Map.of(), Map.of(), "the server is starting");
    assertThat(refused(empty, "", "", "")).isInstanceOf(Problem.Unavailable.class);
  }

  @Test
  void aServerThatWillHaveNoEmbedderOrHasSeveralAsksForAName() {
    assertThat(refused(new ServingTable(Map.of(), Map.of(), ""), "", "", ""))
        .isInstanceOf(Problem.Invalid.class);
    ServingTable two =
        new ServingTable(
            Map.of(
                "a", new TreeMap<>(Map.of(1L, FakeModels.alone(FakeModels.embedding("a", 1)))),
                "b", new TreeMap<>(Map.of(1L, FakeModels.alone(FakeModels.embedding("b", 1))))),
            Map.of(),
            "");
    assertThat(refused(two, "", "", "").message()).contains("2 embedding models", "a, b");
  }

  @Test
  void aModelThatIsRetiredMeanwhileIsLookedUpAgain() {
    Deployment old = FakeModels.embedding("m", 1);
    Deployment next = FakeModels.embedding("m", 1);
    assertThat(FakeModels.unused(old)).as("retired").isTrue();
    Deque<ServingTable> tables = new ArrayDeque<>();
    for (Deployment deployment : List.of(old, next)) {
      tables.add(
          new ServingTable(
              Map.of("m", new TreeMap<>(Map.of(1L, FakeModels.alone(deployment)))), Map.of(), ""));
    }
    Router router = new Router(tables::remove);
    assertThat(router.route(new ModelRef("m", "", ""), true)).isSameAs(next);
    assertThat(FakeModels.unused(next)).as("the lease is ours").isFalse();
  }
}
