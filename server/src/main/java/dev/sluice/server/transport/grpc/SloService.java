// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.grpc;

import dev.sluice.proto.v1.SloCheckRequest;
import dev.sluice.proto.v1.SloCheckResponse;
import dev.sluice.proto.v1.SloServiceGrpc;
import dev.sluice.server.slo.SloReport;
import dev.sluice.server.slo.SloSource;
import dev.sluice.server.transport.shared.Faults;
import dev.sluice.server.transport.shared.SloMessages;
import io.grpc.stub.StreamObserver;

/** {@code sluice.v1.SloService}. */
final class SloService extends SloServiceGrpc.SloServiceImplBase {
  private final SloSource source;
  private final Faults faults;

  SloService(SloSource source, Faults faults) {
    this.source = source;
    this.faults = faults;
  }

  @Override
  public void check(SloCheckRequest request, StreamObserver<SloCheckResponse> observer) {
    UnaryReply<SloReport, SloCheckResponse> reply =
        new UnaryReply<>(
            observer, report -> SloMessages.response(report.of(request.getModel())), faults);
    var unused =
        source
            .report()
            .whenComplete(
                (report, failed) -> {
                  if (failed == null) {
                    reply.ok(report);
                  } else {
                    reply.failed(faults.problem(failed));
                  }
                });
  }
}
