// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.onnx;

import dev.sluice.models.engine.EngineException;
import dev.sluice.proto.onnx.ModelProto;
import dev.sluice.proto.onnx.OperatorSetIdProto;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;

/**
 * A model to be looked at, changed and written, whole in memory. Weights are shared with what it
 * was made from and never copied. For one thread at a time.
 */
public final class OnnxModel {
  /** From here on an initializer need not be an input too. */
  private static final long INITIALIZERS_STAND_ALONE = 4;

  private final ModelProto shell;
  private final Map<String, Long> opsets = new LinkedHashMap<>();
  private final OnnxGraph graph;

  private OnnxModel(ModelProto proto) throws EngineException {
    this.shell = proto.toBuilder().clearGraph().clearOpsetImport().build();
    for (OperatorSetIdProto opset : proto.getOpsetImportList()) {
      opsets.put(OnnxNode.domain(opset.getDomain()), opset.getVersion());
    }
    this.graph = new OnnxGraph(proto.getGraph());
  }

  /**
   * @throws EngineException when values are missing, made twice or made of themselves, or data does
   *     not fit its shape
   */
  public static OnnxModel of(ModelProto proto) throws EngineException {
    return new OnnxModel(proto);
  }

  /**
   * Reads a file and the external data that it names.
   *
   * @param directory the model's own folder; nothing outside of it is read
   * @throws EngineException for anything but a whole, sound model of at most 2 GB that fits into
   *     memory
   */
  public static OnnxModel read(Path directory, Path file) throws EngineException {
    return of(OnnxFile.read(directory, file));
  }

  /** A model of its own that can be changed without changing this one. */
  public OnnxModel copy() throws EngineException {
    return of(toProto());
  }

  public OnnxGraph graph() {
    return graph;
  }

  /** The version of the standard operators. */
  public long opset() {
    return opset("").orElse(1);
  }

  /** The version of that domain's operators; empty when the model imports none. */
  public OptionalLong opset(String domain) {
    Long version = opsets.get(OnnxNode.domain(domain));
    return version == null ? OptionalLong.empty() : OptionalLong.of(version);
  }

  /** As it is now; ONNX Runtime's own operators are imported where they are used. */
  public ModelProto toProto() {
    ModelProto.Builder proto = shell.toBuilder().setGraph(graph.toProto());
    if (shell.getIrVersion() < INITIALIZERS_STAND_ALONE) {
      proto.setIrVersion(INITIALIZERS_STAND_ALONE);
    }
    if (graph.nodes().stream().anyMatch(node -> node.domain().equals(OnnxNode.MICROSOFT))) {
      opsets.putIfAbsent(OnnxNode.MICROSOFT, 1L);
    }
    opsets.forEach(
        (domain, version) -> proto.addOpsetImportBuilder().setDomain(domain).setVersion(version));
    return proto.build();
  }

  /**
   * Writes the model, weights and all, into one file. The file has its name only once it is whole
   * and on the disk; a file of that name is replaced.
   *
   * @throws EngineException when it would be over 2 GB or cannot be written; nothing is left behind
   */
  public void write(Path file) throws EngineException {
    OnnxWriter.write(toProto(), file);
  }
}
