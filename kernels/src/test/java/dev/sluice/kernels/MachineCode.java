// SPDX-License-Identifier: Apache-2.0
package dev.sluice.kernels;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.util.function.Function.identity;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which operations occur in each kernel of an ELF file for cards of compute capability 7.5 to 9.0,
 * whose instructions are 16 bytes long and have their operation in the lowest 12 bits.
 */
final class MachineCode {
  /** Operations that say how a kernel does its work; by the numbers that disassemblers show. */
  enum Operation {
    /** Matrix products of a warp: halves, bytes. */
    HMMA(0x23c),
    IMMA(0x237),
    /** Of a warpgroup. */
    HGMMA(0x9f0),
    IGMMA(0x9f1),
    /** ldmatrix. */
    LDSM(0x83b),
    /** cp.async. */
    LDGSTS(0xfae),
    /** fence.proxy.async. */
    FENCE_VIEW(0x3c6),
    /** Reads and writes of local memory: arrays that found no registers. */
    LDL(0x983),
    STL(0x387),
    /** __trap. */
    BPT(0x95c);

    private static final Map<Integer, Operation> BY_NUMBER =
        Stream.of(values()).collect(Collectors.toMap(operation -> operation.number, identity()));

    private final int number;

    Operation(int number) {
      this.number = number;
    }
  }

  private static final String PREFIX = ".text.";
  private static final int INSTRUCTION_BYTES = 16;

  private final ByteBuffer elf;

  MachineCode(byte[] elf) {
    this.elf = ByteBuffer.wrap(elf).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** By kernel; operations that are not listed here are left out. */
  Map<String, Set<Operation>> operations() {
    Map<String, Set<Operation>> kernels = new HashMap<>();
    int sections = Math.toIntExact(elf.getLong(0x28));
    int size = elf.getShort(0x3a);
    int names = offset(sections + elf.getShort(0x3e) * size);
    for (int i = 0; i < elf.getShort(0x3c); i++) {
      int section = sections + i * size;
      String name = text(names + elf.getInt(section));
      if (name.startsWith(PREFIX)) {
        int bytes = Math.toIntExact(elf.getLong(section + 0x20));
        kernels.put(name.substring(PREFIX.length()), read(offset(section), bytes));
      }
    }
    return kernels;
  }

  private Set<Operation> read(int from, int bytes) {
    Set<Operation> operations = EnumSet.noneOf(Operation.class);
    for (int at = from; at < from + bytes; at += INSTRUCTION_BYTES) {
      Operation operation = Operation.BY_NUMBER.get(elf.getShort(at) & 0xfff);
      if (operation != null) {
        operations.add(operation);
      }
    }
    return operations;
  }

  private int offset(int section) {
    return Math.toIntExact(elf.getLong(section + 0x18));
  }

  private String text(int at) {
    int end = at;
    while (elf.get(end) != 0) {
      end++;
    }
    return new String(elf.array(), at, end - at, ISO_8859_1);
  }
}
