// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.core;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.sluice.models.fidelity.Fidelity;
import dev.sluice.models.spec.ModelSpec;
import dev.sluice.models.spec.VariantSettings;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One model version that serves: its own precision, and the variants that are made of it later. A
 * variant comes and fails without disturbing the rest; the version is retired with all of them.
 *
 * <p>Requests choose without a lock. Its own lock guards every change, so that nothing comes in
 * once it is closed.
 */
final class VersionVariants {
  /** Has a variant made some time, on another thread. */
  @FunctionalInterface
  interface Maker {
    /**
     * @throws RejectedExecutionException when nothing is made any more
     */
    Future<?> start(VersionVariants version, String variant);
  }

  private static final Logger log = LoggerFactory.getLogger(VersionVariants.class);

  private final ModelSpec spec;
  private final Deployment own;
  private final Map<String, DerivedSlot> derived = new LinkedHashMap<>();
  private final Maker maker;
  private final @Nullable BrownoutSwitch brownout;
  private final UsualChoice usual;
  private volatile Runnable onLoss = () -> {};

  @GuardedBy("this")
  private boolean closed;

  /**
   * @param spec as it was found on disk, for the variants to be made of
   * @param offered those that may be made, by name
   * @param brownout null where the policy is another
   */
  VersionVariants(
      ModelSpec spec,
      Deployment own,
      Collection<String> offered,
      Maker maker,
      @Nullable BrownoutSwitch brownout) {
    this.spec = spec;
    this.own = own;
    this.maker = maker;
    this.brownout = brownout;
    for (String name : offered) {
      derived.put(name, new DerivedSlot(name));
    }
    this.usual = new UsualChoice(spec.settings().variants(), own, derived, brownout);
  }

  /** The model itself, as it was loaded. */
  Deployment own() {
    return own;
  }

  /** As it was found on disk. */
  ModelSpec spec() {
    return spec;
  }

  /**
   * What answers a request.
   *
   * @param asked the variant that it names; empty for none
   * @throws ProblemException when that one cannot answer, or not yet: asking has it made
   */
  Deployment choose(String asked) {
    if (asked.isEmpty()) {
      return usual.choose();
    }
    if (asked.equals(own.variant())) {
      return own;
    }
    DerivedSlot slot = derived.get(asked);
    if (slot == null) {
      throw Problems.notFound(
          "model '%s' has no variant '%s'; it has %s"
              .formatted(own.name(), asked, String.join(", ", names())));
    }
    Deployment made = slot.deployment();
    if (made != null) {
      return made;
    }
    want(slot);
    VariantStatus status = slot.status();
    String what = "variant '%s' of model '%s' is %s".formatted(asked, own.name(), status.text());
    return switch (status.state()) {
      case READY -> choose(asked);
      case REFUSED -> throw Problems.notFound(what);
      case QUEUED, MAKING, LOADING -> throw Problems.unavailable(what);
      case OFFERED -> throw Problems.unavailable("model '" + own.name() + "' is being unloaded");
    };
  }

  /** Starts to make what the policy wants, and what is wanted beside that. */
  void begin(Set<String> beside) {
    Set<String> byPolicy = usual.wanted();
    derived.values().stream()
        .filter(slot -> byPolicy.contains(slot.name()) || beside.contains(slot.name()))
        .forEach(this::want);
  }

  /** What somebody has asked for, ready or not. */
  Set<String> wanted() {
    Set<String> wanted = new TreeSet<>();
    derived.values().stream()
        .filter(slot -> slot.status().wanted())
        .forEach(slot -> wanted.add(slot.name()));
    return wanted;
  }

  /** Nothing is made for a version that is closed, nor by a server that is shutting down. */
  private synchronized void want(DerivedSlot slot) {
    if (closed || slot.status().state() != VariantStatus.State.OFFERED) {
      return;
    }
    try {
      slot.queued(maker.start(this, slot.name()));
    } catch (RejectedExecutionException shuttingDown) {
      log.debug("{} of model '{}' is not made: shutting down", slot.name(), own.name());
    }
  }

  /** Where the making is; what is told late, or once closed, is passed over. */
  synchronized void making(String variant, String step, double share) {
    DerivedSlot slot = slot(variant);
    if (!closed && slot.status().state().mayBecome(VariantStatus.State.MAKING)) {
      slot.making(step, share);
    }
  }

  synchronized void loading(String variant, Fidelity fidelity) {
    if (!closed) {
      slot(variant).loading(fidelity);
    }
  }

  /** It cannot be had; false if nobody wants to know any more. */
  synchronized boolean refused(String variant, String reason, @Nullable Fidelity fidelity) {
    if (!closed) {
      slot(variant).refused(reason, fidelity);
    }
    return !closed;
  }

  /** Has somebody told when what it runs on is lost, or that of a variant. */
  void onLoss(Runnable told) {
    onLoss = told;
    own.statistics().loss().onLoss(told);
  }

  /** Why it, or a variant of it, works again only when the server is started anew. */
  Optional<String> lost() {
    return own.lost()
        .or(
            () ->
                derived.values().stream()
                    .map(DerivedSlot::deployment)
                    .filter(Objects::nonNull)
                    .flatMap(made -> made.lost().stream())
                    .findFirst());
  }

  /** Puts a variant into service; false if it is too late for that. */
  boolean ready(String variant, Deployment deployment, Fidelity fidelity) {
    boolean open = admit(variant, deployment, fidelity);
    if (open) {
      // Not under the lock: whoever is told looks at this version.
      deployment.statistics().loss().onLoss(onLoss);
    }
    return open;
  }

  private synchronized boolean admit(String variant, Deployment deployment, Fidelity fidelity) {
    if (closed) {
      return false;
    }
    if (brownout != null && variant.equals(VariantSettings.INT8)) {
      own.statistics().reportWaits(brownout::waited);
      deployment.statistics().reportWaits(brownout::waited);
    }
    slot(variant).ready(deployment, fidelity);
    return true;
  }

  /**
   * Ends every making, and lets no variant in any more.
   *
   * @return what serves, to be retired
   */
  synchronized List<Deployment> close() {
    closed = true;
    List<Deployment> served = new ArrayList<>(List.of(own));
    for (DerivedSlot slot : derived.values()) {
      slot.cancel();
      Optional.ofNullable(slot.deployment()).ifPresent(served::add);
    }
    return served;
  }

  /** Of its own precision first. */
  List<VariantStatus> statuses() {
    List<VariantStatus> all = new ArrayList<>();
    all.add(new VariantStatus(own.variant(), VariantStatus.State.READY));
    derived.values().forEach(slot -> all.add(slot.status()));
    return all;
  }

  /** Empty where the policy is another. */
  Optional<BrownoutStatus> brownout() {
    return Optional.ofNullable(brownout).map(BrownoutSwitch::read);
  }

  ServedVersion summary() {
    return new ServedVersion(
        own.name(),
        own.version(),
        own.variant(),
        own.spec().task().name().toLowerCase(Locale.ROOT),
        own.model().device(),
        own.statistics().lanes(),
        statuses(),
        brownout());
  }

  private List<String> names() {
    return statuses().stream().map(VariantStatus::name).toList();
  }

  private DerivedSlot slot(String variant) {
    return Objects.requireNonNull(derived.get(variant), "only what is offered is made");
  }
}
