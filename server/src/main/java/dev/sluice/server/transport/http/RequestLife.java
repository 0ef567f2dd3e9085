// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.http;

import dev.sluice.server.core.Problem;
import dev.sluice.server.core.RequestEnd;
import dev.sluice.server.core.RequestTrace;
import dev.sluice.server.telemetry.Limit;
import dev.sluice.server.transport.http.api.ApiRequest;
import dev.sluice.server.transport.http.api.ApiResponse;
import dev.sluice.server.transport.http.api.HttpProblems;
import dev.sluice.server.transport.http.api.Responder;
import dev.sluice.server.transport.http.api.StatusException;
import dev.sluice.server.transport.shared.TicketHold;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One request from its headers to its answer: takes in the body, hands the whole to the API, writes
 * what comes back, and takes the request back when the client goes away. All of it runs on the
 * event loop of the connection, but for the answer's arrival, which only queues it there.
 */
final class RequestLife implements Responder {
  /** How long a refused body is still read, so that the client gets to see the refusal. */
  private static final long LINGER_MILLIS = 2_000;

  private final Shared shared;
  private final ChannelHandlerContext ctx;
  private final HttpRequest head;
  private final boolean stream;
  private final BiConsumer<ChannelHandlerContext, Boolean> ended;
  private final IncomingBody body;
  private final TicketHold ticket = new TicketHold();
  private final ResponseWriter writer;
  private final long startNanos;
  private final RequestTrace trace;
  private long bytesIn;
  private String encoding = "";
  private boolean complete;
  private boolean answered;
  private boolean refused;
  private boolean over;
  private @Nullable Future<?> timer;

  RequestLife(
      Shared shared,
      ChannelHandlerContext ctx,
      HttpRequest head,
      boolean stream,
      BiConsumer<ChannelHandlerContext, Boolean> ended) {
    this.shared = shared;
    this.ctx = ctx;
    this.head = head;
    this.stream = stream;
    this.ended = ended;
    this.body = new IncomingBody(shared.open(), shared.settings().maxBodyBytes());
    this.writer = new ResponseWriter(ctx, head, shared);
    this.startNanos = shared.parts().clock().nanoTime();
    this.trace = follow();
  }

  private RequestTrace follow() {
    HttpHead followed = HttpHead.of(head, path(), ctx.channel().remoteAddress());
    return followed.probe()
        ? RequestTrace.NONE
        : shared.parts().traces().begin(followed, startNanos);
  }

  void begin() {
    shared.open().begin();
    try {
      BadHead.check(head);
      encoding = Compression.known(text("content-encoding"));
      long announced = HttpUtil.getContentLength(head, -1L);
      IncomingBody.checkAnnounced(announced, shared.settings().maxBodyBytes());
      checkExpectation(announced);
      watchBody(shared.settings().bodyTimeout().toNanos());
    } catch (RuntimeException refusal) {
      refuse(refusal);
    }
  }

  private void checkExpectation(long announced) {
    String expect = text("expect");
    if (expect.isEmpty()) {
      return;
    }
    if (!expect.equalsIgnoreCase("100-continue")) {
      throw new StatusException(417, "Expect must be 100-continue");
    }
    if (announced != 0) {
      writer.sendContinue();
    }
  }

  /** Whether nothing more of this request is to come. */
  boolean complete() {
    return complete;
  }

  void content(ByteBuf chunk, boolean last) {
    complete = complete || last;
    if (over) {
      return;
    }
    if (refused) {
      if (last) {
        finish(false);
      }
      return;
    }
    bytesIn += chunk.readableBytes();
    try {
      body.add(chunk);
      if (last) {
        stopTimer();
        dispatch();
      }
    } catch (RuntimeException refusal) {
      refuse(refusal);
    }
  }

  private void dispatch() {
    long arrived = shared.parts().clock().nanoTime();
    byte[] plain = Compression.inflate(body.whole(), encoding, shared.settings().maxBodyBytes());
    ApiRequest request =
        new ApiRequest(head.method().name(), path(), head.headers(), plain, arrived, trace);
    ticket.attach(shared.api().handle(request, this));
  }

  private String path() {
    String uri = head.uri();
    int query = uri.indexOf('?');
    return query < 0 ? uri : uri.substring(0, query);
  }

  @Override
  public void answer(Supplier<ApiResponse> answer) {
    ctx.executor().execute(() -> write(answer));
  }

  @Override
  public void failed(Problem problem) {
    answer(() -> shared.api().failure(path(), problem));
  }

  private void write(Supplier<ApiResponse> answer) {
    if (over || answered) {
      return;
    }
    answered = true;
    ApiResponse response;
    try {
      response = answer.get();
    } catch (RuntimeException | StackOverflowError defect) {
      response = shared.api().failure(path(), defect);
    }
    boolean keepAlive = HttpUtil.isKeepAlive(head) && !shared.open().draining();
    send(response, keepAlive);
  }

  private void send(ApiResponse response, boolean keepAlive) {
    long limit = shared.settings().idleTimeout().toNanos();
    timer = ctx.executor().schedule(this::notRead, limit, TimeUnit.NANOSECONDS);
    writer
        .send(response, keepAlive || stream)
        .addListener(
            done -> {
              told(response, done.isSuccess());
              finish(done.isSuccess() && keepAlive && !stream);
            });
  }

  /** The end of the request for whoever follows it. */
  private void told(ApiResponse response, boolean arrived) {
    Problem problem = response.problem();
    if (problem != null) {
      trace.failed(problem);
    }
    trace.named(writer.requestId());
    int status = arrived ? response.status() : HttpProblems.CLIENT_GONE;
    trace.ended(
        new RequestEnd(status, HttpProblems.outcome(status), "", bytesIn, writer.bodyBytes()));
  }

  /** Answers before the body has come; the connection cannot be used again. */
  private void refuse(RuntimeException refusal) {
    if (answered) {
      return;
    }
    stopTimer();
    body.release();
    answered = true;
    refused = true;
    ApiResponse response = shared.api().failure(path(), refusal);
    boolean linger = !complete && !stream && !head.decoderResult().isFailure();
    writer
        .send(response, stream)
        .addListener(
            done -> {
              told(response, done.isSuccess());
              if (!linger || complete || !done.isSuccess()) {
                finish(false);
              } else if (!over) {
                timer =
                    ctx.executor()
                        .schedule(() -> finish(false), LINGER_MILLIS, TimeUnit.MILLISECONDS);
              }
            });
  }

  private void watchBody(long nanos) {
    timer = ctx.executor().schedule(this::bodyIsDue, nanos, TimeUnit.NANOSECONDS);
  }

  private void bodyIsDue() {
    if (over || complete) {
      return;
    }
    HttpSettings settings = shared.settings();
    long earned = TimeUnit.SECONDS.toNanos(body.received()) / Math.max(1, settings.minBodyRate());
    long due = settings.bodyTimeout().toNanos() + earned;
    long left = due - (shared.parts().clock().nanoTime() - startNanos);
    if (left > 0 && earned > 0) {
      watchBody(left);
    } else {
      refuse(new StatusException(408, "the body came too slowly", Limit.HTTP_BODY_TIME));
    }
  }

  private void notRead() {
    shared.hit(Limit.HTTP_UNREAD);
    var unused = ctx.close();
  }

  /** The client is gone. */
  void abandon() {
    if (!over) {
      ticket.cancel();
      int gone = HttpProblems.CLIENT_GONE;
      trace.ended(new RequestEnd(gone, HttpProblems.outcome(gone), "", bytesIn, 0));
      close();
    }
  }

  private void finish(boolean keepAlive) {
    if (over) {
      return;
    }
    close();
    ended.accept(ctx, keepAlive);
  }

  private void close() {
    over = true;
    stopTimer();
    body.release();
    shared.open().end();
  }

  private void stopTimer() {
    Future<?> running = timer;
    if (running != null) {
      running.cancel(false);
      timer = null;
    }
  }

  private String text(String header) {
    String value = head.headers().get(header);
    return value == null ? "" : value;
  }
}
