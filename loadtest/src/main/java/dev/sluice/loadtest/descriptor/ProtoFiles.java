// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.descriptor;

import com.google.protobuf.AnyProto;
import com.google.protobuf.ApiProto;
import com.google.protobuf.DescriptorProtos;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DurationProto;
import com.google.protobuf.EmptyProto;
import com.google.protobuf.FieldMaskProto;
import com.google.protobuf.SourceContextProto;
import com.google.protobuf.StructProto;
import com.google.protobuf.TimestampProto;
import com.google.protobuf.TypeProto;
import com.google.protobuf.WrappersProto;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A {@code .proto} file with all that it imports, looked for beside it, in the working directory
 * and then in the import paths, as ghz does. Google's well-known types need no files.
 */
public final class ProtoFiles {
  private static final long LARGEST = 16L << 20;
  private static final int MOST = 2000;
  private static final Map<String, FileDescriptor> WELL_KNOWN =
      Stream.of(
              AnyProto.getDescriptor(),
              ApiProto.getDescriptor(),
              DescriptorProtos.getDescriptor(),
              DurationProto.getDescriptor(),
              EmptyProto.getDescriptor(),
              FieldMaskProto.getDescriptor(),
              SourceContextProto.getDescriptor(),
              StructProto.getDescriptor(),
              TimestampProto.getDescriptor(),
              TypeProto.getDescriptor(),
              WrappersProto.getDescriptor())
          .collect(Collectors.toUnmodifiableMap(FileDescriptor::getName, Function.identity()));

  private final List<Path> folders;
  private final Map<String, FileDescriptor> done = new LinkedHashMap<>();
  private final Set<String> underWay = new LinkedHashSet<>();

  private ProtoFiles(List<Path> folders) {
    this.folders = folders;
  }

  /** The file, which may be named from an import path as well, and all that it imports. */
  public static List<FileDescriptor> load(Path proto, List<Path> importPaths) {
    Path beside = proto.getParent();
    List<Path> folders = new ArrayList<>();
    if (beside != null) {
      folders.add(beside);
    }
    folders.add(Path.of(""));
    folders.addAll(importPaths);
    ProtoFiles files = new ProtoFiles(folders);
    Path name = proto.getFileName();
    if (name != null && Files.isRegularFile(proto)) {
      files.link(name.toString(), proto);
    } else {
      files.link(proto.toString(), files.fromImportPath(proto));
    }
    return List.copyOf(files.done.values());
  }

  private Path fromImportPath(Path proto) {
    return folders.stream()
        .map(folder -> folder.resolve(proto))
        .filter(Files::isRegularFile)
        .findFirst()
        .orElseThrow(
            () -> new DescriptorException("proto file " + proto + " not found in " + places()));
  }

  private FileDescriptor link(String name, Path path) {
    if (done.size() + underWay.size() >= MOST) {
      throw new DescriptorException(path + ": imports more than " + MOST + " files");
    }
    ProtoParser.Parsed parsed = ProtoParser.parse(path.toString(), content(path));
    underWay.add(name);
    List<FileDescriptor> imports = new ArrayList<>();
    for (String wanted : parsed.file().getDependencyList()) {
      imports.add(imported(path + ":" + parsed.lines().getOrDefault(wanted, 1), wanted));
    }
    underWay.remove(name);
    try {
      FileDescriptor linked =
          FileDescriptor.buildFrom(
              parsed.file().toBuilder().setName(name).build(),
              imports.toArray(FileDescriptor[]::new));
      done.put(name, linked);
      return linked;
    } catch (DescriptorValidationException e) {
      Integer line = parsed.lines().get(e.getProblemSymbolName());
      String at = line == null ? "" : ":" + line;
      throw new DescriptorException(
          path + at + ": " + e.getProblemSymbolName() + ": " + e.getDescription());
    }
  }

  private FileDescriptor imported(String from, String name) {
    FileDescriptor known = done.get(name);
    if (known != null) {
      return known;
    }
    if (underWay.contains(name)) {
      throw new DescriptorException(from + ": " + name + " is imported in a circle");
    }
    for (Path folder : folders) {
      Path path = folder.resolve(name);
      if (Files.isRegularFile(path)) {
        return link(name, path);
      }
    }
    FileDescriptor wellKnown = WELL_KNOWN.get(name);
    if (wellKnown == null) {
      throw new DescriptorException(from + ": import " + name + " not found in " + places());
    }
    return wellKnown;
  }

  private String places() {
    return folders.stream()
        .map(folder -> folder.toString().isEmpty() ? "." : folder.toString())
        .collect(Collectors.joining(", "));
  }

  private static String content(Path path) {
    try {
      if (Files.size(path) > LARGEST) {
        throw new DescriptorException(path + ": is larger than 16 MiB");
      }
      return Files.readString(path);
    } catch (IOException e) {
      throw new DescriptorException(path + " cannot be read");
    }
  }
}
