// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.descriptor;

import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import dev.sluice.loadtest.ghz.Nearest;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Finds a method by the name that ghz's users give it. */
public final class Methods {
  private Methods() {}

  /** The full name of a service and the name of a method of it. */
  public record Name(String service, String method) {
    /** {@code pkg.Service/Method} or {@code pkg.Service.Method}, with or without a dot in front. */
    public static Name parse(String call) {
      String name = call.startsWith(".") ? call.substring(1) : call;
      int cut = name.indexOf('/');
      cut = cut < 0 ? name.lastIndexOf('.') : cut;
      if (cut <= 0 || cut == name.length() - 1 || name.indexOf('/', cut + 1) >= 0) {
        throw new DescriptorException(
            "call '" + call + "' is no method: wants pkg.Service/Method or pkg.Service.Method");
      }
      return new Name(name.substring(0, cut), name.substring(cut + 1));
    }
  }

  public static MethodDescriptor find(Collection<FileDescriptor> files, String call) {
    Name name = Name.parse(call);
    Map<String, ServiceDescriptor> services = new LinkedHashMap<>();
    for (FileDescriptor file : files) {
      file.getServices().forEach(service -> services.put(service.getFullName(), service));
    }
    ServiceDescriptor service = services.get(name.service());
    if (service == null) {
      throw unknownService(name.service(), services.keySet());
    }
    MethodDescriptor method = service.findMethodByName(name.method());
    if (method == null) {
      List<String> known = service.getMethods().stream().map(MethodDescriptor::getName).toList();
      throw new DescriptorException(
          "service "
              + name.service()
              + " has no method "
              + name.method()
              + Nearest.hint("", name.method(), known));
    }
    return method;
  }

  static DescriptorException unknownService(String service, Collection<String> known) {
    return new DescriptorException(
        "service " + service + " not found" + Nearest.hint("", service, known));
  }
}
