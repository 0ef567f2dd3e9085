// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class GrpcSettingsTest {
  @Test
  void theDefaultsAreThoseThatClientsCanLiveWith() {
    GrpcSettings settings = GrpcSettings.defaults();
    ConnectionLimits limits = settings.connections();

    assertThat(settings.maxMessageBytes()).isEqualTo(64 * 1024 * 1024);
    assertThat(settings.maxMetadataBytes()).isEqualTo(8 * 1024);
    assertThat(limits.maxConcurrentCalls()).isEqualTo(256);
    assertThat(limits.permitKeepAlive()).isEqualTo(Duration.ofSeconds(10));
    assertThat(limits.permitKeepAliveWithoutCalls()).isTrue();
    assertThat(limits.maxResets()).isEqualTo(200);
    assertThat(limits.resetWindow()).isEqualTo(Duration.ofSeconds(30));
    assertThat(limits.handshakeTimeout()).isEqualTo(Duration.ofSeconds(10));
  }

  @Test
  void whatCannotWorkIsRefused() {
    assertThatThrownBy(() -> GrpcSettings.defaults().withMaxMessageBytes(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("maxMessageBytes");
    assertThatThrownBy(() -> GrpcSettings.defaults().withMaxStreamInFlight(0))
        .hasMessageContaining("maxStreamInFlight");
    assertThatThrownBy(() -> ConnectionLimits.defaults().withMaxResets(0, Duration.ofSeconds(1)))
        .hasMessageContaining("maxResets");
    assertThatThrownBy(() -> ConnectionLimits.defaults().withMaxResets(1, Duration.ofMillis(999)))
        .hasMessageContaining("resetWindow");
    assertThatThrownBy(() -> GrpcSettings.positive("maxAge", Duration.ZERO))
        .hasMessageContaining("maxAge");
  }
}
