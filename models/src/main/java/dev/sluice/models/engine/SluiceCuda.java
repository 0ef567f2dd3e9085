// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.engine;

/** Sluice's own engine for cards, as DJL knows it. */
public final class SluiceCuda {
  public static final String NAME = "SluiceCuda";

  /** Of what its models take and give. */
  public static final String VERSION = "1";

  private SluiceCuda() {}
}
