// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.http.api;

import dev.sluice.server.core.Problem;
import dev.sluice.server.core.Reply;
import java.util.function.Function;
import java.util.function.Supplier;

/** Takes the one answer to a request, on any thread, and encodes it on the connection's own. */
public interface Responder {
  void answer(Supplier<ApiResponse> answer);

  void failed(Problem problem);

  /** The reply that a core call is given. */
  default <T> Reply<T> reply(Function<T, ApiResponse> encode) {
    Responder self = this;
    return new Reply<>() {
      @Override
      public void ok(T answer) {
        self.answer(() -> encode.apply(answer));
      }

      @Override
      public void failed(Problem problem) {
        self.failed(problem);
      }
    };
  }
}
