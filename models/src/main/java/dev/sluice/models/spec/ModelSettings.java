// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.spec;

import java.time.Duration;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * What the operator may set per model, from {@code model.yaml} and {@code config.pbtxt}; empty
 * where the server's own setting holds.
 *
 * @param lanes instances that run at the same time
 * @param maxBatchRows rows of one batch
 * @param maxBatchTokens padded tokens of one batch
 * @param linger how long an idle lane waits for a batch to fill; zero to start at once
 * @param maxQueueRows rows that may wait
 * @param queueTimeout the default for calls without a deadline of their own; zero for none
 * @param forming what batches should look like
 * @param variants which variants serve, and who gets which
 * @param cardMemory of Sluice's engine for cards, all models together
 */
public record ModelSettings(
    DeviceChoice device,
    OptionalInt lanes,
    OptionalInt maxBatchRows,
    OptionalLong maxBatchTokens,
    Duration linger,
    OptionalInt maxQueueRows,
    Duration queueTimeout,
    FormingSettings forming,
    VariantSettings variants,
    CardMemory cardMemory) {

  public static final ModelSettings DEFAULT =
      new ModelSettings(
          DeviceChoice.AUTO,
          OptionalInt.empty(),
          OptionalInt.empty(),
          OptionalLong.empty(),
          Duration.ZERO,
          OptionalInt.empty(),
          Duration.ZERO);

  /** With nothing said about what batches should look like, nor about variants. */
  public ModelSettings(
      DeviceChoice device,
      OptionalInt lanes,
      OptionalInt maxBatchRows,
      OptionalLong maxBatchTokens,
      Duration linger,
      OptionalInt maxQueueRows,
      Duration queueTimeout) {
    this(
        device,
        lanes,
        maxBatchRows,
        maxBatchTokens,
        linger,
        maxQueueRows,
        queueTimeout,
        FormingSettings.DEFAULT);
  }

  /** With nothing said about variants. */
  public ModelSettings(
      DeviceChoice device,
      OptionalInt lanes,
      OptionalInt maxBatchRows,
      OptionalLong maxBatchTokens,
      Duration linger,
      OptionalInt maxQueueRows,
      Duration queueTimeout,
      FormingSettings forming) {
    this(
        device,
        lanes,
        maxBatchRows,
        maxBatchTokens,
        linger,
        maxQueueRows,
        queueTimeout,
        forming,
        VariantSettings.DEFAULT);
  }

  /** With all of a card. */
  public ModelSettings(
      DeviceChoice device,
      OptionalInt lanes,
      OptionalInt maxBatchRows,
      OptionalLong maxBatchTokens,
      Duration linger,
      OptionalInt maxQueueRows,
      Duration queueTimeout,
      FormingSettings forming,
      VariantSettings variants) {
    this(
        device,
        lanes,
        maxBatchRows,
        maxBatchTokens,
        linger,
        maxQueueRows,
        queueTimeout,
        forming,
        variants,
        CardMemory.all());
  }

  /** The same on another device, with other lanes. */
  public ModelSettings on(DeviceChoice otherDevice, OptionalInt otherLanes) {
    return new ModelSettings(
        otherDevice,
        otherLanes,
        maxBatchRows,
        maxBatchTokens,
        linger,
        maxQueueRows,
        queueTimeout,
        forming,
        variants,
        cardMemory);
  }

  /** The same, to run there. */
  public ModelSettings withDevice(DeviceChoice other) {
    return new ModelSettings(
        other,
        lanes,
        maxBatchRows,
        maxBatchTokens,
        linger,
        maxQueueRows,
        queueTimeout,
        forming,
        variants,
        cardMemory);
  }

  /** The same with other variants. */
  public ModelSettings withVariants(VariantSettings other) {
    return new ModelSettings(
        device,
        lanes,
        maxBatchRows,
        maxBatchTokens,
        linger,
        maxQueueRows,
        queueTimeout,
        forming,
        other,
        cardMemory);
  }

  /** The same with that much of a card. */
  public ModelSettings withCardMemory(CardMemory other) {
    return new ModelSettings(
        device,
        lanes,
        maxBatchRows,
        maxBatchTokens,
        linger,
        maxQueueRows,
        queueTimeout,
        forming,
        variants,
        other);
  }
}
