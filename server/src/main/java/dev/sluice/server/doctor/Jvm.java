// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.doctor;

/**
 * What the running JVM says about itself.
 *
 * @param cores those it will use
 * @param maxHeapBytes the most its heap may grow to
 */
public record Jvm(
    String version, String vendor, String os, String arch, int cores, long maxHeapBytes) {

  /** The one that runs this code. */
  public static Jvm current() {
    return new Jvm(
        System.getProperty("java.version", "unknown"),
        System.getProperty("java.vendor", "unknown"),
        System.getProperty("os.name", "unknown"),
        System.getProperty("os.arch", "unknown"),
        Runtime.getRuntime().availableProcessors(),
        Runtime.getRuntime().maxMemory());
  }
}
