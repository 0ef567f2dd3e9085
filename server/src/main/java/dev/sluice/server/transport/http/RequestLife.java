// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.http;

import dev.sluice.server.core.Problem;
import dev.sluice.server.core.ProblemException;
import dev.sluice.server.core.RequestEnd;
import dev.sluice.server.core.RequestTrace;
import dev.sluice.server.telemetry.Limit;
import dev.sluice.server.transport.http.api.ApiRequest;
import dev.sluice.server.transport.http.api.ApiResponse;
import dev.sluice.server.transport.http.api.HttpProblems;
import dev.sluice.server.transport.http.api.Responder;
import dev.sluice.server.transport.http.api.StatusException;
import dev.sluice.server.transport.shared.TicketHold;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2Error;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One request from its headers to its answer: takes in the body, hands the whole to the API, writes
 * what comes back, and takes the request back when the client goes away.
 *
 * <p>All of it runs on the event loop of the connection, but for what would hold up the loop's
 * other connections: large and compressed bodies are read, and large answers encoded, on the
 * threads of {@link HttpParts#largeBodies}. While they read, the body is theirs and is not
 * released.
 */
final class RequestLife implements Responder {
  /** How long a refused body is still read, so that the client gets to see the refusal. */
  private static final long LINGER_MILLIS = 2_000;

  /** At the slowest (numbers as text) a body of this size is read in about half a millisecond. */
  private static final int LARGE_BODY = 64 << 10;

  /** Numbers that are written as text in about half a millisecond. */
  private static final int MANY_NUMBERS = 8 << 10;

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
  private IncomingBody plain;
  private long arrivedNanos;
  private String encoding = "";
  private boolean complete;
  private boolean reading;
  private boolean answered;
  private boolean refused;
  private long answerBytes;
  private @Nullable Pace pace;

  /** Written on the event loop; elsewhere only a hint that nobody waits any more. */
  private volatile boolean over;

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
    this.body = newBody(Limit.HTTP_BODY);
    this.plain = body;
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

  private IncomingBody newBody(Limit limit) {
    return new IncomingBody(shared.open(), shared.settings().maxBodyBytes(), limit);
  }

  void begin() {
    boolean room = shared.open().begin();
    try {
      BadHead.check(head);
      if (!room) {
        throw IncomingBody.memoryFull();
      }
      encoding = Compression.known(String.join(",", head.headers().getAll("content-encoding")));
      long announced = BadHead.contentLength(head);
      body.announce(announced);
      checkExpectation(announced);
      pace = new Pace(shared.settings(), ctx.executor(), body::length, this::bodyIsLate);
    } catch (RuntimeException refusal) {
      refuse(refusal);
    }
  }

  private void checkExpectation(long announced) {
    String expect = text("expect");
    if (expect.isEmpty() || head.protocolVersion().equals(HttpVersion.HTTP_1_0)) {
      return;
    }
    if (!expect.equalsIgnoreCase("100-continue")) {
      throw new StatusException(417, "Expect must be 100-continue");
    }
    shared.api().check(head.method().name(), path(), head.headers());
    if (announced != 0) {
      writer.sendContinue();
    }
  }

  /** Whether nothing more of this request is to come. */
  boolean complete() {
    return complete;
  }

  void content(HttpContent chunk) {
    boolean last = chunk instanceof LastHttpContent;
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
    bytesIn += chunk.content().readableBytes();
    try {
      BadHead.checkChunk(chunk);
      body.add(chunk.content());
      if (last) {
        stopPace();
        dispatch();
      }
    } catch (RuntimeException refusal) {
      refuse(refusal);
    }
  }

  private void dispatch() {
    arrivedNanos = shared.parts().clock().nanoTime();
    if (encoding.isEmpty() && body.length() <= LARGE_BODY) {
      handle();
      return;
    }
    plain = encoding.isEmpty() ? body : newBody(Limit.HTTP_INFLATED_BODY);
    reading = true;
    try {
      shared.parts().largeBodies().execute(this::handleLarge);
    } catch (RejectedExecutionException shutDown) {
      reading = false;
      throw shuttingDown();
    }
  }

  private void handleLarge() {
    try {
      if (!over) {
        if (!encoding.isEmpty()) {
          Compression.inflate(body, encoding, plain);
        }
        handle();
      }
    } catch (Throwable refusal) { // memory may run out here, and the client is to hear of it
      answer(0, () -> shared.api().failure(path(), refusal));
    } finally {
      onLoop(this::read);
    }
  }

  /** The body is the event loop's again. */
  private void read() {
    reading = false;
    if (over || answered) {
      releaseBody();
    }
  }

  private void handle() {
    ApiRequest request =
        new ApiRequest(
            head.method().name(), path(), head.headers(), plain.whole(), arrivedNanos, trace);
    ticket.attach(shared.api().handle(request, this));
  }

  private String path() {
    return RequestTarget.path(head.uri());
  }

  @Override
  public void answer(long numbers, Supplier<ApiResponse> answer) {
    if (numbers > MANY_NUMBERS) {
      try {
        shared.parts().largeBodies().execute(() -> encode(answer));
        return;
      } catch (RejectedExecutionException shutDown) {
        // The server is at its end: the loop may as well be held up.
      }
    }
    onLoop(() -> encode(answer));
  }

  private void encode(Supplier<ApiResponse> answer) {
    if (over) {
      return;
    }
    ResponseWriter.Packed packed;
    try {
      packed = writer.pack(answer.get());
    } catch (Throwable defect) {
      packed = writer.pack(shared.api().failure(path(), defect));
    }
    ResponseWriter.Packed ready = packed;
    if (ctx.executor().inEventLoop()) {
      write(ready);
    } else {
      onLoop(() -> write(ready));
    }
  }

  private void onLoop(Runnable step) {
    try {
      ctx.executor().execute(step);
    } catch (RejectedExecutionException shutDown) {
      // The event loops end after their connections: nobody waits for this.
    }
  }

  @Override
  public void failed(Problem problem) {
    answer(0, () -> shared.api().failure(path(), problem));
  }

  private void write(ResponseWriter.Packed answer) {
    if (over || answered) {
      return;
    }
    answered = true;
    releaseBody();
    boolean keepAlive = HttpUtil.isKeepAlive(head) && !shared.open().draining();
    send(reserve(answer), keepAlive);
  }

  /** Answers that wait for slow readers share the memory of bodies. */
  private ResponseWriter.Packed reserve(ResponseWriter.Packed answer) {
    long bytes = answer.body().remaining();
    if (shared.open().reserve(bytes)) {
      answerBytes = bytes;
      return answer;
    }
    return writer.pack(shared.api().failure(path(), IncomingBody.memoryFull()));
  }

  private void send(ResponseWriter.Packed answer, boolean keepAlive) {
    pace = new Pace(shared.settings(), ctx.executor(), writer::written, this::giveUp);
    writer
        .send(answer, keepAlive || stream)
        .addListener(
            done -> {
              told(answer.answer(), done.isSuccess());
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

  /** The connection takes more of the answer. */
  void writable() {
    writer.writable();
  }

  /** Answers before the body has come; the connection cannot be used again. */
  private void refuse(RuntimeException refusal) {
    if (answered) {
      return;
    }
    stopPace();
    releaseBody();
    answered = true;
    refused = true;
    ResponseWriter.Packed answer = writer.pack(shared.api().failure(path(), refusal));
    pace = new Pace(shared.settings(), ctx.executor(), writer::written, this::giveUp);
    boolean linger = !complete && !stream && !head.decoderResult().isFailure();
    writer
        .send(answer, stream)
        .addListener(
            done -> {
              told(answer.answer(), done.isSuccess());
              refusalSent(linger && done.isSuccess());
            });
  }

  /** A close with unread bytes would be a reset, and take the refusal from the client's hands. */
  private void refusalSent(boolean linger) {
    if (!linger || complete) {
      finish(false);
    } else if (!over) {
      if (ctx.channel() instanceof DuplexChannel socket) {
        var unused = socket.shutdownOutput();
      }
      // Finds the request over if the client has closed before.
      var unused =
          ctx.executor().schedule(() -> finish(false), LINGER_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  private void bodyIsLate() {
    if (!over && !complete) {
      refuse(new StatusException(408, "the body came too slowly", Limit.HTTP_BODY_TIME));
    }
  }

  private static ProblemException shuttingDown() {
    return new ProblemException(
        new Problem.Unavailable("the server is shutting down", Duration.ofSeconds(1)));
  }

  /** The client does not read the answer. */
  private void giveUp() {
    shared.hit(Limit.HTTP_UNREAD);
    if (stream) {
      // Without it what the stream still has to send would wait for the client on.
      var unused = ctx.writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.CANCEL));
    }
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
    stopPace();
    writer.abandon();
    releaseBody();
    shared.open().release(answerBytes);
    shared.open().end();
  }

  private void releaseBody() {
    if (!reading) {
      body.release();
      plain.release();
    }
  }

  private void stopPace() {
    Pace running = pace;
    if (running != null) {
      running.stop();
      pace = null;
    }
  }

  private String text(String header) {
    String value = head.headers().get(header);
    return value == null ? "" : value;
  }
}
