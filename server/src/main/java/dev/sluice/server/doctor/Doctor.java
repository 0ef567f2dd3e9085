// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.doctor;

import dev.sluice.server.config.ServerConfig;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Examines the machine. A check that itself fails is reported like anything else that is wrong, and
 * the others still run.
 */
public final class Doctor {
  private final Map<String, Check> checks = new LinkedHashMap<>();

  /**
   * Everything there is to look at.
   *
   * @param engines loads the engines' native libraries when asked
   * @param epoll whether Netty can use it
   */
  public Doctor(
      SystemFiles files,
      Jvm jvm,
      Map<String, String> environment,
      ServerConfig config,
      Supplier<EngineFacts> engines,
      Supplier<Boolean> epoll) {
    checks.put("system", new SystemCheck(files, jvm));
    checks.put("CPU", new CpuCheck(files, jvm));
    checks.put("memory", new MemoryCheck(files, jvm));
    checks.put(
        "engine", new EngineCheck(engines, config.models().device(), config.models().gpuMemory()));
    checks.put("environment", new EnvironmentCheck(environment));
    ServerConfig.Network network = config.network();
    String host = network.host();
    checks.put("HTTP port", new PortCheck("HTTP port", "--http-port", host, network.httpPort()));
    checks.put("gRPC port", new PortCheck("gRPC port", "--grpc-port", host, network.grpcPort()));
    checks.put(
        "admin port", new PortCheck("admin port", "--admin-port", host, network.adminPort()));
    checks.put("cache", new DiskCheck(config.models().cacheDirectory()));
    checks.put("sockets", () -> new SocketCheck(files, epoll.get()).run());
  }

  /** All findings, in the order of the checks. */
  public List<Finding> examine() {
    List<Finding> findings = new ArrayList<>();
    checks.forEach((topic, check) -> findings.addAll(guarded(topic, check)));
    return findings;
  }

  private static List<Finding> guarded(String topic, Check check) {
    try {
      return check.run();
    } catch (RuntimeException | LinkageError e) {
      return List.of(
          Finding.problem(
              topic,
              "could not be examined: " + e,
              "report this with the output of sluice doctor"));
    }
  }
}
