// SPDX-License-Identifier: Apache-2.0
// The kernels by name, callable with arguments that came over the wire.
#pragma once

#include <cstdint>

namespace emulation {

// One argument of a launch: its kind ('p' pointer, 'i' int, 'f' float) and its bits.
struct Argument {
  char kind;
  uint64_t bits;
};

struct Kernel {
  const char* name;
  // The kinds of its parameters, in order.
  const char* kinds;
  // Runs it as the thread that threadIdx and its like name.
  void (*call)(const Argument* arguments);
};

// Null for a name that is unknown.
const Kernel* find_kernel(const char* name);

}  // namespace emulation
