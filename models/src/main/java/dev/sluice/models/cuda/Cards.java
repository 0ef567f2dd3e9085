// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.cuda;

import dev.sluice.kernels.check.ProductKinds;
import dev.sluice.kernels.gpu.Gpu;
import dev.sluice.kernels.gpu.GpuException;
import dev.sluice.kernels.gpu.GpuOpening;
import dev.sluice.kernels.launch.Product;
import dev.sluice.models.engine.EngineException;
import dev.sluice.models.spec.CardMemory;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The cards of this process, each opened with the first model on it and given back with the last.
 * For any number of threads: its lock guards who uses what.
 */
final class Cards {
  static final Cards SHARED = new Cards();

  private static final Logger log = LoggerFactory.getLogger(Cards.class);

  private final Map<Integer, Card> open = new HashMap<>();

  private static final class Card {
    final Gpu gpu;
    final Product.Kind kind;
    int users;

    Card(Gpu gpu, Product.Kind kind) {
      this.gpu = gpu;
      this.kind = kind;
    }
  }

  /** A card in use, until it is closed. */
  record Lease(Gpu gpu, Product.Kind kind, Runnable giveBack) implements AutoCloseable {
    @Override
    public void close() {
      giveBack.run();
    }
  }

  /**
   * @param memory the most that is taken of the card while it is open; where it is open already,
   *     what was said then holds
   * @throws EngineException saying why the card cannot be used
   */
  synchronized Lease take(int index, CardMemory memory) throws EngineException {
    Card card = open.get(index);
    if (card == null) {
      card = open(index, memory);
      open.put(index, card);
    }
    card.users++;
    return new Lease(card.gpu, card.kind, () -> giveBack(index));
  }

  private static Card open(int index, CardMemory memory) throws EngineException {
    return switch (Gpu.open(index, memory::of)) {
      case GpuOpening.Absent absent -> throw new EngineException(absent.reason());
      case GpuOpening.Opened opened -> checked(opened.gpu());
    };
  }

  private static Card checked(Gpu gpu) throws EngineException {
    try {
      // Any numbers will do, and the same ones each time tell more.
      ProductKinds.Choice choice = ProductKinds.choose(gpu, new SplittableRandom(1));
      choice
          .doubt()
          .ifPresent(why -> log.warn("{}: wgmma is not used: {}", gpu.card().name(), why));
      return new Card(gpu, choice.kind());
    } catch (GpuException e) {
      gpu.close();
      throw new EngineException(String.valueOf(e.getMessage()), e);
    }
  }

  private synchronized void giveBack(int index) {
    Card card = open.get(index);
    if (card != null && --card.users == 0) {
      open.remove(index);
      card.gpu.close();
    }
  }
}
