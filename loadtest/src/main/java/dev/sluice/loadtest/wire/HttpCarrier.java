// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.wire;

import dev.sluice.loadtest.run.Carrier;
import dev.sluice.loadtest.run.PreparedCall;

/** Calls over HTTP/1.1, each on a connection that no other uses meanwhile. */
record HttpCarrier(NettyLoop loop, HttpPool pool) implements Carrier {
  @Override
  public Ongoing start(PreparedCall call, int connection, Ended ended) {
    HttpExchange exchange = new HttpExchange(loop, pool, call, ended);
    pool.serve(exchange);
    return exchange;
  }
}
