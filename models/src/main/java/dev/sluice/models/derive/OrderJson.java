// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.derive;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.models.child.SpecJson;
import dev.sluice.models.spec.FidelityBudget;
import dev.sluice.models.spec.QuantScheme;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** Carries an order to another process; both ends are this class of the same build. */
final class OrderJson {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private OrderJson() {}

  static byte[] write(Order order) throws IOException {
    ObjectNode node = MAPPER.createObjectNode();
    node.set("model", MAPPER.readTree(SpecJson.write(order.model())));
    node.put("variant", order.variant())
        .put("cosineMean", order.budget().cosineMean())
        .put("cosineP1", order.budget().cosineP1());
    order.scheme().ifPresent(scheme -> node.put("scheme", scheme.name()));
    order.calibration().ifPresent(file -> node.put("calibration", file.toString()));
    return MAPPER.writeValueAsBytes(node);
  }

  static Order read(byte[] json) throws IOException {
    JsonNode node = MAPPER.readTree(json);
    return new Order(
        SpecJson.read(MAPPER.writeValueAsBytes(node.required("model"))),
        node.required("variant").asText(),
        Optional.ofNullable(node.get("scheme")).map(word -> QuantScheme.valueOf(word.asText())),
        new FidelityBudget(
            node.required("cosineMean").asDouble(), node.required("cosineP1").asDouble()),
        Optional.ofNullable(node.get("calibration")).map(path -> Path.of(path.asText())));
  }
}
