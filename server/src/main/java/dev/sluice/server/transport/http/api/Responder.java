// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.http.api;

import dev.sluice.server.core.Problem;
import dev.sluice.server.core.Reply;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;

/**
 * Takes the one answer to a request, on any thread, and has it encoded where that holds up no one.
 */
public interface Responder {
  /**
   * @param numbers how many numbers become text when it is encoded, about: what that costs
   */
  void answer(long numbers, Supplier<ApiResponse> answer);

  void failed(Problem problem);

  /** The reply that a core call is given whose answer is small. */
  default <T> Reply<T> reply(Function<T, ApiResponse> encode) {
    return reply(small -> 0, encode);
  }

  /** The reply that a core call is given; {@code numbers} as in {@link #answer}. */
  default <T> Reply<T> reply(ToLongFunction<T> numbers, Function<T, ApiResponse> encode) {
    Responder self = this;
    return new Reply<>() {
      @Override
      public void ok(T answer) {
        self.answer(numbers.applyAsLong(answer), () -> encode.apply(answer));
      }

      @Override
      public void failed(Problem problem) {
        self.failed(problem);
      }
    };
  }
}
