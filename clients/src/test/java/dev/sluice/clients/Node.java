// SPDX-License-Identifier: Apache-2.0
package dev.sluice.clients;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Node, and beside the scripts the packages of {@code package-lock.json}. Tests are skipped where
 * there is no Node, or where npm has the packages neither in its cache nor in reach.
 */
final class Node {
  private static final int OLDEST = 20;
  private static final Pattern VERSION = Pattern.compile("v(\\d+)\\..*", Pattern.DOTALL);
  private static final Pattern OUT_OF_REACH =
      Pattern.compile(
          "code (ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ENETUNREACH|ETIMEDOUT"
              + "|ERR_SOCKET_TIMEOUT|ENOTCACHED)");
  private static final Path HOME = Path.of("target", "node").toAbsolutePath();

  private Node() {}

  /** Node with these arguments, where the scripts of {@code src/test/node} are. */
  static Command command(String... arguments) throws IOException, InterruptedException {
    needNode();
    install();
    String[] words = new String[1 + arguments.length];
    words[0] = "node";
    System.arraycopy(arguments, 0, words, 1, arguments.length);
    return Command.of(words).in(HOME);
  }

  /** Puts a script beside the others. */
  static void script(String name, String text) throws IOException {
    Files.writeString(HOME.resolve(name), text);
  }

  private static void needNode() throws IOException, InterruptedException {
    Command.Outcome node = Command.of("node", "--version").run();
    Matcher version = VERSION.matcher(node.output());
    Skip.unless(
        node.good() && version.matches() && Integer.parseInt(version.group(1)) >= OLDEST,
        "no Node " + OLDEST + " or newer here");
    Skip.unless(Command.of("npm", "--version").run().good(), "no npm here");
  }

  /** The copy of the lock file is written last: what was interrupted is done again. */
  private static void install() throws IOException, InterruptedException {
    Path wanted = HOME.resolve("package-lock.json");
    Path installed = HOME.resolve("installed.json");
    if (Files.exists(installed) && Files.mismatch(wanted, installed) < 0) {
      return;
    }
    // Code of packages does not run before their tests do.
    Command.Outcome npm =
        Command.of(
                "npm",
                "ci",
                "--prefer-offline",
                "--ignore-scripts",
                "--no-audit",
                "--no-fund",
                "--fetch-retries=1")
            .in(HOME)
            .run();
    Skip.unless(
        !OUT_OF_REACH.matcher(npm.output()).find(), "npm cannot reach its registry, nor its cache");
    assertThat(npm.exitCode()).as(npm.output()).isZero();
    Files.copy(wanted, installed, StandardCopyOption.REPLACE_EXISTING);
  }
}
