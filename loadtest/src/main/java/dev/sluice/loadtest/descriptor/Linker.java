// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.descriptor;

import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Links files that are already described, in the order that their imports ask for. */
final class Linker {
  private final String source;
  private final Map<String, FileDescriptorProto> files;
  private final Map<String, FileDescriptor> done = new LinkedHashMap<>();
  private final Set<String> underWay = new LinkedHashSet<>();

  private Linker(String source, Map<String, FileDescriptorProto> files) {
    this.source = source;
    this.files = files;
  }

  static List<FileDescriptor> link(String source, Map<String, FileDescriptorProto> files) {
    Linker linker = new Linker(source, files);
    files.keySet().forEach(linker::link);
    return List.copyOf(linker.done.values());
  }

  private FileDescriptor link(String name) {
    FileDescriptor known = done.get(name);
    if (known != null) {
      return known;
    }
    FileDescriptorProto file = files.get(name);
    if (file == null) {
      throw new DescriptorException(source + ": imported file " + name + " is missing");
    }
    if (!underWay.add(name)) {
      throw new DescriptorException(source + ": " + name + " is imported in a circle");
    }
    List<FileDescriptor> imports = new ArrayList<>();
    file.getDependencyList().forEach(wanted -> imports.add(link(wanted)));
    try {
      FileDescriptor linked =
          FileDescriptor.buildFrom(file, imports.toArray(FileDescriptor[]::new));
      done.put(name, linked);
      return linked;
    } catch (DescriptorValidationException e) {
      throw new DescriptorException(source + ": " + name + ": " + e.getMessage());
    }
  }
}
