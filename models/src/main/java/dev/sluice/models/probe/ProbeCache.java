// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.probe;

import dev.sluice.models.repository.Fingerprint;
import dev.sluice.models.spec.ModelSpec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Remembers which models passed a probe, as empty files in a folder, so that a restart does not
 * probe them again. A model is known by the contents of its files, its version and device, and the
 * Sluice version that probed it. Failures are not remembered: their cause may have been this
 * machine's. Safe for any number of threads and processes.
 */
public final class ProbeCache {
  private static final Logger log = LoggerFactory.getLogger(ProbeCache.class);

  private final Path folder;
  private final String sluiceVersion;

  /**
   * @param folder made when first needed; only this server should be able to write to it
   */
  public ProbeCache(Path folder, String sluiceVersion) {
    this.folder = folder;
    this.sluiceVersion = sluiceVersion;
  }

  /**
   * The remembered result or a new one.
   *
   * @param contents gives the fingerprint of the model's contents now; asked again after the probe,
   *     so that a model that changed meanwhile is not taken for the one that passed
   */
  public ProbeResult probe(LoadProbe probe, ModelSpec spec, Callable<Fingerprint> contents)
      throws Exception {
    Path stamp = stamp(spec, contents.call());
    if (Files.exists(stamp)) {
      return ProbeResult.PASSED;
    }
    ProbeResult result = probe.probe(spec);
    if (result instanceof ProbeResult.Passed && stamp.equals(stamp(spec, contents.call()))) {
      remember(stamp);
    }
    return result;
  }

  private void remember(Path stamp) {
    try {
      Files.createDirectories(folder);
      Files.write(stamp, new byte[0]);
    } catch (IOException e) {
      log.warn(
          "a passed probe could not be remembered, the next start repeats it: {}", e.toString());
    }
  }

  private Path stamp(ModelSpec spec, Fingerprint contents) {
    String key =
        String.join(
            "\n",
            sluiceVersion,
            contents.value(),
            Long.toString(spec.version()),
            spec.engine().name(),
            spec.settings().device().toString());
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
      return folder.resolve(HexFormat.of().formatHex(hash));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }
}
