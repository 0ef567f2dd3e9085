// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class NetworkTest {
  @ParameterizedTest
  @ValueSource(strings = {"localhost", "127.0.0.1", "127.1.2.3", "::1"})
  void theseAreReachedFromThisMachineOnly(String host) {
    assertThat(new ServerConfig.Network(host, 1, 2, 3).loopback()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"0.0.0.0", "::", "10.0.0.1", "127.0.0.1.example.org", "localhost.example.org"})
  void theseMayBeReachedFromElsewhere(String host) {
    assertThat(new ServerConfig.Network(host, 1, 2, 3).loopback()).isFalse();
  }
}
