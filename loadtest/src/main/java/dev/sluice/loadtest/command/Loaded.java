// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.command;

import com.google.protobuf.Descriptors.MethodDescriptor;
import dev.sluice.loadtest.call.CallMetadata;
import dev.sluice.loadtest.ghz.Inference;
import dev.sluice.loadtest.ghz.Options;
import dev.sluice.loadtest.inference.CheckedFleet;
import dev.sluice.loadtest.inference.Golden;
import dev.sluice.loadtest.inference.GoldenFile;
import dev.sluice.loadtest.inference.InferenceCalls;
import dev.sluice.loadtest.inference.Protocols;
import dev.sluice.loadtest.run.CallSource;
import dev.sluice.loadtest.run.Fleet;
import dev.sluice.loadtest.run.RunException;
import dev.sluice.loadtest.wire.Connections;
import dev.sluice.loadtest.wire.HttpConnections;
import io.grpc.Channel;
import io.grpc.Metadata;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The connections of a command, and the calls that go over them: ghz's, or those of an inference
 * protocol.
 *
 * @param control for calls that are not part of the load; null: over HTTP there is none
 * @param recording where answers are kept; null: they are not
 */
record Loaded(
    Options options,
    Fleet fleet,
    CallSource.Factory calls,
    @Nullable Channel control,
    GoldenFile.@Nullable Recording recording,
    Runnable closing)
    implements AutoCloseable {

  /**
   * Connects.
   *
   * @param described the method, if files say what it is
   */
  static Loaded open(
      Options options,
      Content content,
      Optional<MethodDescriptor> described,
      Surroundings surroundings)
      throws InterruptedException {
    Optional<Inference.Target> target = options.inference().target();
    if (target.isPresent() && target.get().http()) {
      HttpConnections connections =
          HttpConnections.open(options, surroundings.nanoTime(), surroundings.threadCpu());
      return closedOnFailure(
          connections::close,
          () -> inference(options, content, connections, null, connections::close));
    }
    Connections connections =
        Connections.open(options, surroundings.nanoTime(), surroundings.threadCpu());
    return closedOnFailure(
        connections::close,
        () -> {
          Channel control = connections.control();
          if (target.isPresent()) {
            return inference(options, content, connections, control, connections::close);
          }
          MethodDescriptor method = described.orElseGet(() -> Described.byServer(control, options));
          GhzCalls calls = new GhzCalls(method, options, content, surroundings);
          return new Loaded(options, connections, calls, control, null, connections::close);
        });
  }

  private interface Opening {
    Loaded open();
  }

  private static Loaded closedOnFailure(Runnable closing, Opening opening) {
    boolean opened = false;
    try {
      Loaded loaded = opening.open();
      opened = true;
      return loaded;
    } finally {
      if (!opened) {
        closing.run();
      }
    }
  }

  private static Loaded inference(
      Options options, Content content, Fleet fleet, @Nullable Channel control, Runnable closing) {
    Inference inference = options.inference();
    GoldenFile.Recording recording =
        inference.goldenRecord().isPresent() ? new GoldenFile.Recording() : null;
    Golden golden =
        inference
            .golden()
            .<Golden>map(file -> GoldenFile.Comparing.read(file, inference.leastCosine()))
            .orElse(recording);
    InferenceCalls calls =
        new InferenceCalls(
            Protocols.of(inference, control, options.wire().connectTimeout()),
            inference,
            metadata(content, control == null),
            options.truth().seed(),
            golden);
    Fleet checked = golden == null ? fleet : new CheckedFleet(fleet);
    return new Loaded(options, checked, calls, control, recording, closing);
  }

  private static Metadata metadata(Content content, boolean http) {
    if (content.metadata().isEmpty()) {
      return new Metadata();
    } else if (content.metadata().contains("{{")) {
      throw new RunException("metadata: there are no templates where there is a target");
    }
    Metadata metadata = CallMetadata.json(content.metadata());
    for (String key : metadata.keys()) {
      if (http && key.endsWith(Metadata.BINARY_HEADER_SUFFIX)) {
        throw new RunException("metadata." + key + " is binary, which HTTP has no headers for");
      }
    }
    return metadata;
  }

  /** Writes what was recorded. */
  void keepAnswers(PrintWriter told) throws IOException {
    if (recording != null) {
      WholeFile.write(options.inference().goldenRecord().orElseThrow(), recording::write);
      told.println(
          "sluice: "
              + recording.size()
              + " answers recorded"
              + (recording.full() ? "; there is no room for the others" : ""));
    }
  }

  @Override
  public void close() {
    closing.run();
  }
}
