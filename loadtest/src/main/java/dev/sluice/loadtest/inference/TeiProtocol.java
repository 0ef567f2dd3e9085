// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.inference;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import dev.sluice.loadtest.corpus.Item;
import dev.sluice.loadtest.ghz.Inference;
import dev.sluice.loadtest.run.Rpc;
import dev.sluice.loadtest.run.RunException;
import io.grpc.MethodDescriptor.MethodType;
import java.io.IOException;
import java.util.List;

/**
 * {@code tei.v1.Embed/Embed}: one text in a request. Of its messages two fields are used, so they
 * are written and read by number.
 */
final class TeiProtocol implements Protocol {
  private static final int INPUTS = 1;
  private static final int TRUNCATE = 2;
  private static final int EMBEDDINGS = 1;
  private static final Rpc RPC = Rpc.of(Inference.Target.TEI.call(), MethodType.UNARY);

  @Override
  public Rpc rpc() {
    return RPC;
  }

  @Override
  public ByteString request(List<Item> items) {
    if (items.size() != 1 || !(items.getFirst() instanceof Item.Text text)) {
      throw new RunException("corpus: tei takes texts, no token ids");
    }
    ByteString.Output bytes = ByteString.newOutput();
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    try {
      out.writeString(INPUTS, text.text());
      out.writeBool(TRUNCATE, true);
      out.flush();
    } catch (IOException impossible) {
      throw new IllegalStateException(impossible);
    }
    return bytes.toByteString();
  }

  @Override
  public List<float[]> vectors(ByteString answer) throws IOException {
    CodedInputStream in = answer.newCodedInput();
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      if (tag == (EMBEDDINGS << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED)) {
        return Floats.rows(in.readBytes(), 1);
      }
      in.skipField(tag);
    }
    throw new IOException("no embeddings");
  }
}
