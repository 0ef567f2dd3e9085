// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.call;

import com.google.protobuf.Descriptors.MethodDescriptor;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Map;

/**
 * What templates know of the call that they are filled for.
 *
 * @param requestNumber from 0, over all workers
 * @param uuid one per call
 */
public record CallContext(
    MethodDescriptor method, String workerId, long requestNumber, Instant time, String uuid) {

  Map<String, Object> fields() {
    return Map.ofEntries(
        Map.entry("WorkerID", workerId),
        Map.entry("RequestNumber", requestNumber),
        Map.entry("FullyQualifiedName", method.getFullName()),
        Map.entry("MethodName", method.getName()),
        Map.entry("ServiceName", method.getService().getName()),
        Map.entry("InputName", method.getInputType().getName()),
        Map.entry("OutputName", method.getOutputType().getName()),
        Map.entry("IsClientStreaming", method.isClientStreaming()),
        Map.entry("IsServerStreaming", method.isServerStreaming()),
        Map.entry(
            "Timestamp",
            DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(
                time.truncatedTo(ChronoUnit.SECONDS).atOffset(ZoneOffset.UTC))),
        Map.entry("TimestampUnix", time.getEpochSecond()),
        Map.entry("TimestampUnixMilli", time.toEpochMilli()),
        Map.entry("TimestampUnixNano", ChronoUnit.NANOS.between(Instant.EPOCH, time)),
        Map.entry("UUID", uuid));
  }
}
