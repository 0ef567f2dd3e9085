// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.descriptor;

import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A FileDescriptorSet, as {@code protoc --descriptor_set_out --include_imports} writes it. */
public final class Protoset {
  private static final long LARGEST = 256L << 20;

  private Protoset() {}

  public static List<FileDescriptor> load(Path file) {
    Map<String, FileDescriptorProto> files = new LinkedHashMap<>();
    try {
      if (Files.size(file) > LARGEST) {
        throw new DescriptorException(file + ": is larger than 256 MiB");
      }
      FileDescriptorSet.parseFrom(Files.readAllBytes(file))
          .getFileList()
          .forEach(each -> files.put(each.getName(), each));
    } catch (InvalidProtocolBufferException e) {
      throw new DescriptorException(file + ": is no FileDescriptorSet");
    } catch (IOException e) {
      throw new DescriptorException(file + " cannot be read");
    }
    return Linker.link(file.toString(), files);
  }
}
