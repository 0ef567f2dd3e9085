// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.serving;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import dev.sluice.models.spec.EngineKind;
import dev.sluice.models.spec.ModelSpec;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/**
 * The little that the engine does not tell about an ONNX file, read by skipping from weight to
 * weight: megabytes of data are passed over, never loaded.
 *
 * @param precision {@code fp32}, {@code fp16}, {@code bf16} or {@code int8}: what most weights are
 * @param tokenIds how many token ids the model has a vector for; empty when it cannot be told
 */
record OnnxOutline(String precision, OptionalLong tokenIds) {
  static final OnnxOutline UNKNOWN = new OnnxOutline("fp32", OptionalLong.empty());

  // Field numbers of the format.
  private static final int MODEL_GRAPH = 7;
  private static final int GRAPH_NODE = 1;
  private static final int GRAPH_INITIALIZER = 5;
  private static final int NODE_INPUT = 1;
  private static final int NODE_OP_TYPE = 4;
  private static final int TENSOR_DIMS = 1;
  private static final int TENSOR_DATA_TYPE = 2;
  private static final int TENSOR_NAME = 8;

  /** Of the model's file; {@link #UNKNOWN} where it is of another format. */
  static OnnxOutline of(ModelSpec spec) {
    return spec.engine() == EngineKind.ONNX_RUNTIME ? read(spec.file()) : UNKNOWN;
  }

  /** What can be told of the file; {@link #UNKNOWN} when it is no ONNX file. */
  static OnnxOutline read(Path file) {
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
      Reader reader = new Reader(CodedInputStream.newInstance(in));
      reader.model();
      return reader.outline();
    } catch (IOException e) {
      return UNKNOWN;
    }
  }

  /** One pass over one file. */
  private static final class Reader {
    private final CodedInputStream in;
    private final Map<String, Long> leadingDims = new HashMap<>();
    private final Map<String, Double> elements = new HashMap<>();
    private final Set<String> lookedUp = new HashSet<>();

    Reader(CodedInputStream in) {
      this.in = in;
    }

    OnnxOutline outline() {
      String precision = UNKNOWN.precision();
      double most = 0;
      for (Map.Entry<String, Double> type : elements.entrySet()) {
        if (type.getValue() > most) {
          most = type.getValue();
          precision = type.getKey();
        }
      }
      for (String table : lookedUp) {
        Long rows = leadingDims.get(table);
        if (rows != null) {
          return new OnnxOutline(precision, OptionalLong.of(rows));
        }
      }
      return new OnnxOutline(precision, OptionalLong.empty());
    }

    void model() throws IOException {
      for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
        if (isMessage(tag, MODEL_GRAPH)) {
          int outer = in.pushLimit(in.readRawVarint32());
          graph();
          in.popLimit(outer);
        } else {
          in.skipField(tag);
        }
      }
    }

    private void graph() throws IOException {
      for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
        boolean node = isMessage(tag, GRAPH_NODE);
        if (!node && !isMessage(tag, GRAPH_INITIALIZER)) {
          in.skipField(tag);
          continue;
        }
        int outer = in.pushLimit(in.readRawVarint32());
        if (node) {
          node();
        } else {
          initializer();
        }
        in.popLimit(outer);
      }
    }

    private void node() throws IOException {
      String type = "";
      String first = "";
      String second = "";
      int inputs = 0;
      for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
        if (isMessage(tag, NODE_OP_TYPE)) {
          type = in.readString();
        } else if (isMessage(tag, NODE_INPUT) && inputs < 2) {
          first = inputs == 0 ? in.readString() : first;
          second = inputs == 1 ? in.readString() : second;
          inputs++;
        } else {
          in.skipField(tag);
        }
      }
      if (type.equals("Gather") && second.equals("input_ids")) {
        lookedUp.add(first);
      }
    }

    private void initializer() throws IOException {
      String name = "";
      int type = 0;
      long leading = -1;
      double count = 1;
      for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
        if (isMessage(tag, TENSOR_NAME)) {
          name = in.readString();
        } else if (WireFormat.getTagFieldNumber(tag) == TENSOR_DATA_TYPE) {
          type = in.readInt32();
        } else if (tag == (TENSOR_DIMS << 3 | WireFormat.WIRETYPE_VARINT)) {
          long dim = in.readInt64();
          leading = leading < 0 ? dim : leading;
          count *= Math.max(dim, 0);
        } else {
          in.skipField(tag);
        }
      }
      if (leading >= 0) {
        leadingDims.put(name, leading);
      }
      elements.merge(precision(type), count, Double::sum);
    }

    private static String precision(int onnxType) {
      return switch (onnxType) {
        case 2, 3 -> "int8";
        case 10 -> "fp16";
        case 16 -> "bf16";
        default -> "fp32";
      };
    }

    private static boolean isMessage(int tag, int field) {
      return tag == (field << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED);
    }
  }
}
