// SPDX-License-Identifier: Apache-2.0
// A card without a card, as a process: commands on stdin, answers on stdout, little-endian.
//
//   command                                                            answer
//   'A' bytes:u64                     allocate (filled with 0xff)      address:u64
//   'F' address:u64                   free
//   'W' address:u64 count:u64 bytes   write
//   'R' address:u64 count:u64         read                             bytes
//   'L' name:text grid:3i32 block:3i32 shared:i32 order:i32            launch
//       count:i32 (kind:u8 bits:u64)*
//   'K' name:text                     kinds of the kernel's parameters text
//   'B'                               count bank conflicts from here on
//   'C'                               bank conflicts by source line    text
//
// text is length:i32 and bytes. Each answer begins with a byte: 0 and what the table says, or 1 and a
// text saying what went wrong. End of input ends the process.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "banks.h"
#include "block.h"
#include "memory.h"

namespace emulation {
namespace {

// The other side is our own test: input that stops in the middle ends the process.
void read_bytes(void* to, size_t count) {
  if (std::fread(to, 1, count, stdin) != count) {
    std::exit(2);
  }
}

template <class NUMBER>
NUMBER read() {
  NUMBER number;
  read_bytes(&number, sizeof number);
  return number;
}

std::string read_text() {
  std::string text(static_cast<size_t>(read<int32_t>()), '\0');
  read_bytes(text.data(), text.size());
  return text;
}

Size3 read_size() {
  const auto x = read<int32_t>();
  const auto y = read<int32_t>();
  const auto z = read<int32_t>();
  return {x, y, z};
}

void write_bytes(const void* from, size_t count) { std::fwrite(from, 1, count, stdout); }

void write_done() { std::fputc(0, stdout); }

void write_text(const std::string& text) {
  const auto length = static_cast<int32_t>(text.size());
  write_bytes(&length, sizeof length);
  write_bytes(text.data(), text.size());
}

void write_error(const std::string& message) {
  std::fputc(1, stdout);
  write_text(message);
}

void launch(const DeviceMemory& memory) {
  const std::string name = read_text();
  LaunchConfiguration configuration{};
  configuration.grid = read_size();
  configuration.block = read_size();
  configuration.shared_bytes = read<int32_t>();
  configuration.order = read<Order>();
  std::vector<Argument> arguments(static_cast<size_t>(read<int32_t>()));
  for (Argument& argument : arguments) {
    argument.kind = read<char>();
    argument.bits = read<uint64_t>();
  }
  const std::string error = run_launch(configuration, memory, name, arguments);
  if (error.empty()) {
    write_done();
  } else {
    write_error(name + ": " + error);
  }
}

void describe_kernel() {
  const Kernel* kernel = find_kernel(read_text().c_str());
  if (kernel == nullptr) {
    write_error("there is no such kernel");
    return;
  }
  write_done();
  write_text(kernel->kinds);
}

void access(DeviceMemory& memory, bool write) {
  const auto address = read<uint64_t>();
  const auto count = read<uint64_t>();
  unsigned char* at = memory.at(address, count);
  if (write) {
    std::vector<unsigned char> bytes(count);
    read_bytes(bytes.data(), count);
    if (at != nullptr) {
      std::copy(bytes.begin(), bytes.end(), at);
    }
  }
  if (at == nullptr) {
    write_error("no such buffer, or not so long");
    return;
  }
  write_done();
  if (!write) {
    write_bytes(at, count);
  }
}

void serve() {
  DeviceMemory memory;
  for (int command; (command = std::fgetc(stdin)) != EOF;) {
    switch (command) {
      case 'A': {
        const uint64_t address = memory.allocate(read<uint64_t>());
        write_done();
        write_bytes(&address, sizeof address);
        break;
      }
      case 'F':
        if (memory.release(read<uint64_t>())) {
          write_done();
        } else {
          write_error("no such buffer");
        }
        break;
      case 'W':
      case 'R':
        access(memory, command == 'W');
        break;
      case 'L':
        launch(memory);
        break;
      case 'K':
        describe_kernel();
        break;
      case 'B':
        count_conflicts();
        write_done();
        break;
      case 'C':
        write_done();
        write_text(describe_conflicts());
        break;
      default:
        std::exit(2);
    }
    std::fflush(stdout);
  }
}

}  // namespace
}  // namespace emulation

int main() {
  emulation::serve();
  return 0;
}
