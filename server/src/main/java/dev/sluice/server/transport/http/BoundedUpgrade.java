// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.http;

import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpServerUpgradeHandler;
import io.netty.handler.codec.http.HttpUtil;

/**
 * Upgrades to HTTP/2. The request that asks for it is held whole, outside of the memory for bodies,
 * so its body may be no larger than headers may be and has to come in the time that headers have.
 * With a larger one, or one of unknown length, it is answered over HTTP/1.1, as any server may; the
 * client can upgrade with a later one.
 */
final class BoundedUpgrade extends HttpServerUpgradeHandler {
  private final int most;

  BoundedUpgrade(HttpServerCodec http1, UpgradeCodecFactory codecs, int most) {
    super(http1, codecs, most);
    this.most = most;
  }

  @Override
  protected boolean shouldHandleUpgradeRequest(HttpRequest request) {
    return request.decoderResult().isSuccess()
        && !HttpUtil.isTransferEncodingChunked(request)
        && !HttpUtil.is100ContinueExpected(request)
        && HttpUtil.getContentLength(request, 0L) <= most;
  }
}
