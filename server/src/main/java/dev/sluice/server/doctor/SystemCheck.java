// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.doctor;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Operating system, kernel, C library and Java. */
final class SystemCheck implements Check {
  private static final int OLDEST_JAVA = 21;
  private static final Pattern GLIBC =
      Pattern.compile("GNU C Library [^\\n]{0,80}version ([0-9.]+)");

  private final SystemFiles files;
  private final Jvm jvm;

  SystemCheck(SystemFiles files, Jvm jvm) {
    this.files = files;
    this.jvm = jvm;
  }

  @Override
  public List<Finding> run() {
    return List.of(system(), library(), java());
  }

  private Finding system() {
    List<String> words = new ArrayList<>();
    words.add(
        files
            .value("etc/os-release", "PRETTY_NAME=")
            .map(name -> name.replace("\"", ""))
            .orElse(jvm.os()));
    words.add(jvm.arch());
    files.text("proc/sys/kernel/osrelease").ifPresent(kernel -> words.add("kernel " + kernel));
    String text = String.join(", ", words);
    boolean supported = jvm.os().equals("Linux") && jvm.arch().equals("amd64");
    return supported
        ? Finding.ok("system", text)
        : Finding.problem(
            "system",
            text + ": the native engines are built for Linux on x86-64 only",
            "run Sluice on Linux on x86-64, in a container or a virtual machine");
  }

  private Finding library() {
    Optional<String> glibc =
        List.of("lib/x86_64-linux-gnu/libc.so.6", "lib64/libc.so.6", "usr/lib/libc.so.6").stream()
            .flatMap(path -> files.text(path).stream())
            .map(GLIBC::matcher)
            .filter(Matcher::find)
            .map(matcher -> matcher.group(1).replaceAll("\\.$", ""))
            .findFirst();
    if (glibc.isPresent()) {
      return Finding.ok("C library", "glibc " + glibc.get());
    }
    return files.exists("lib/ld-musl-x86_64.so.1")
        ? Finding.problem(
            "C library", "musl: the native engines need glibc", "use an image based on glibc")
        : Finding.note("C library", "glibc not found in the usual places");
  }

  private Finding java() {
    String text = jvm.version() + ", " + jvm.vendor();
    return feature(jvm.version()) >= OLDEST_JAVA
        ? Finding.ok("Java", text)
        : Finding.problem("Java", text + ": too old", "install Java " + OLDEST_JAVA + " or newer");
  }

  private static int feature(String version) {
    Matcher number = Pattern.compile("^[0-9]{1,4}").matcher(version);
    return number.find() ? Integer.parseInt(number.group()) : 0;
  }
}
