// SPDX-License-Identifier: Apache-2.0
package dev.sluice.kernels.emulation;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.kernels.launch.Device;
import dev.sluice.kernels.launch.Launch;
import dev.sluice.kernels.launch.Launch.Argument;
import dev.sluice.kernels.launch.LaunchFailedException;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * A process of src/emulation, which runs the kernels' sources on the host. One thread at a time.
 *
 * @see #buildOrSkip
 */
final class EmulatedGpu implements Device, AutoCloseable {
  /** What the kernels are compiled for. */
  enum Architecture {
    TURING("75"),
    AMPERE_AND_LATER("80");

    private final String suffix;

    Architecture(String suffix) {
      this.suffix = suffix;
    }
  }

  /** In which order a block's threads run between barriers: the emulation's numbers. */
  enum Order {
    FORWARD(0),
    BACKWARD(1);

    private final int number;

    Order(int number) {
      this.number = number;
    }
  }

  private static final String GONE = "the emulation has gone";

  private final Process process;
  private final OutputStream commands;
  private final DataInputStream answers;
  private final Order order;
  private final Set<String> launched = new TreeSet<>();

  EmulatedGpu(Architecture architecture, Order order) throws IOException {
    this.order = order;
    process =
        new ProcessBuilder(
                EmulationBuild.FOLDER.resolve("emulate-" + architecture.suffix).toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    commands = new BufferedOutputStream(process.getOutputStream(), 1 << 16);
    answers = new DataInputStream(new BufferedInputStream(process.getInputStream(), 1 << 16));
  }

  /** Builds it, or prints why not and skips the tests. */
  static void buildOrSkip() throws IOException, InterruptedException {
    EmulationBuild.runOrSkip("src/emulation/build");
  }

  @Override
  public long allocate(long bytes) {
    return call(command('A', Long.BYTES).putLong(bytes), Long.BYTES).getLong();
  }

  @Override
  public void free(long address) {
    call(command('F', Long.BYTES).putLong(address), 0);
  }

  @Override
  public void write(long address, ByteBuffer from) {
    ByteBuffer command = command('W', 2 * Long.BYTES + from.remaining());
    call(command.putLong(address).putLong(from.remaining()).put(from.duplicate()), 0);
  }

  @Override
  public ByteBuffer read(long address, int bytes) {
    return call(command('R', 2 * Long.BYTES).putLong(address).putLong(bytes), bytes);
  }

  @Override
  public void launch(Launch launch) {
    launched.add(launch.kernel());
    byte[] name = launch.kernel().getBytes(UTF_8);
    ByteBuffer command =
        command('L', 11 * Integer.BYTES + name.length + 9 * launch.arguments().size());
    command.putInt(name.length).put(name);
    command.putInt(launch.gridX()).putInt(launch.gridY()).putInt(1);
    command.putInt(launch.threads()).putInt(1).putInt(1);
    command.putInt(launch.sharedBytes()).putInt(order.number);
    command.putInt(launch.arguments().size());
    for (Argument argument : launch.arguments()) {
      switch (argument) {
        case Argument.Address address -> command.put((byte) 'p').putLong(address.value());
        case Argument.Int32 number -> command.put((byte) 'i').putLong(number.value());
        case Argument.Float32 number ->
            command.put((byte) 'f').putLong(Float.floatToRawIntBits(number.value()));
      }
    }
    call(command, 0);
  }

  /** From here on. */
  void countBankConflicts() {
    call(command('B', 0), 0);
  }

  /** A line for each place in the sources, as banks.cpp words it. */
  List<String> bankConflicts() {
    try {
      int length = call(command('C', 0), Integer.BYTES).getInt();
      return UTF_8.decode(take(length)).toString().lines().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(GONE, e);
    }
  }

  /** The names of the kernels so far. */
  Set<String> launched() {
    return launched;
  }

  private static ByteBuffer command(char code, int bytes) {
    return ByteBuffer.allocate(1 + bytes).order(ByteOrder.LITTLE_ENDIAN).put((byte) code);
  }

  private ByteBuffer call(ByteBuffer command, int answerBytes) {
    try {
      byte[] bytes = new byte[command.position()];
      command.flip().get(bytes);
      commands.write(bytes);
      commands.flush();
      if (answers.readByte() == 0) {
        return take(answerBytes);
      }
      int length = take(Integer.BYTES).getInt();
      throw new LaunchFailedException(UTF_8.decode(take(length)).toString());
    } catch (IOException e) {
      throw new UncheckedIOException(GONE, e);
    }
  }

  private ByteBuffer take(int count) throws IOException {
    byte[] bytes = new byte[count];
    answers.readFully(bytes);
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  @Override
  public void close() throws IOException {
    commands.close();
    process.destroy();
  }
}
