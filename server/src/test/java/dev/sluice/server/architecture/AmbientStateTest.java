// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitAccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;

/**
 * Time, sleep and randomness are constructor arguments, given by the wiring. Code that reads them
 * from the air cannot be simulated.
 */
class AmbientStateTest {

  private static final Set<String> WIRING_CLASSES = Set.of("Main", "Wiring");

  /** The probe is a program of its own, in a child process. */
  private static final Set<String> WIRING_PACKAGES =
      Set.of("dev.sluice.server.wiring", "dev.sluice.models.probe");

  private static final Map<Class<?>, Set<String>> AMBIENT =
      Map.ofEntries(
          Map.entry(System.class, Set.of("nanoTime", "currentTimeMillis")),
          Map.entry(Thread.class, Set.of("sleep")),
          Map.entry(Math.class, Set.of("random")),
          Map.entry(ThreadLocalRandom.class, Set.of("current")),
          Map.entry(Random.class, Set.of("<init>")),
          Map.entry(Clock.class, Set.of("systemUTC", "systemDefaultZone")),
          Map.entry(Instant.class, Set.of("now")),
          Map.entry(LocalDate.class, Set.of("now")),
          Map.entry(LocalDateTime.class, Set.of("now")),
          Map.entry(OffsetDateTime.class, Set.of("now")),
          Map.entry(ZonedDateTime.class, Set.of("now")),
          Map.entry(CompletableFuture.class, Set.of("delayedExecutor", "orTimeout")));

  @Test
  void timeAndRandomnessAreHandedInByTheWiring() {
    noClasses()
        .that(describe("are not wiring", javaClass -> !isWiring(javaClass)))
        .should()
        .accessTargetWhere(readsAmbientState())
        .because("clocks and random sources are constructor arguments (see CONTRIBUTING.md)")
        .check(SluiceClasses.ALL);
  }

  private static boolean isWiring(JavaClass javaClass) {
    JavaClass outermost = javaClass;
    while (outermost.getEnclosingClass().isPresent()) {
      outermost = outermost.getEnclosingClass().get();
    }
    return WIRING_CLASSES.contains(outermost.getSimpleName())
        || WIRING_PACKAGES.contains(outermost.getPackageName());
  }

  private static DescribedPredicate<JavaAccess<?>> readsAmbientState() {
    return describe(
        "read the clock, sleep or draw random numbers",
        access -> access.getTarget() instanceof CodeUnitAccessTarget target && isAmbient(target));
  }

  private static boolean isAmbient(CodeUnitAccessTarget target) {
    // `new Random(seed)` is reproducible; `new Random()` is not.
    boolean seeded = !target.getRawParameterTypes().isEmpty();
    return AMBIENT.entrySet().stream()
        .filter(entry -> target.getOwner().isEquivalentTo(entry.getKey()))
        .anyMatch(
            entry ->
                entry.getValue().contains(target.getName())
                    && !(target.getName().equals("<init>") && seeded));
  }
}
