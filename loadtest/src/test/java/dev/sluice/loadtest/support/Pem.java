// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.support;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;

/** A certificate that vouches for itself, and its key, made by the JDK's keytool. */
public record Pem(Path certificate, Path key) {
  private static final char[] PASSWORD = "changeit".toCharArray();

  public static Pem make(Path folder, String alias, String name)
      throws IOException, InterruptedException, GeneralSecurityException {
    Path store = folder.resolve(alias + ".p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                alias,
                "-keyalg",
                "EC",
                "-dname",
                "CN=" + name,
                "-ext",
                "san=dns:" + name,
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString(),
                "-storepass",
                new String(PASSWORD))
            .inheritIO()
            .start();
    if (keytool.waitFor() != 0) {
      throw new IllegalStateException("keytool failed");
    }
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, PASSWORD);
    }
    return new Pem(
        write(
            folder.resolve(alias + ".crt"), "CERTIFICATE", keys.getCertificate(alias).getEncoded()),
        write(
            folder.resolve(alias + ".key"),
            "PRIVATE KEY",
            keys.getKey(alias, PASSWORD).getEncoded()));
  }

  private static Path write(Path file, String what, byte[] bytes) throws IOException {
    String body =
        Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII)).encodeToString(bytes);
    return Files.writeString(
        file, "-----BEGIN " + what + "-----\n" + body + "\n-----END " + what + "-----\n");
  }
}
