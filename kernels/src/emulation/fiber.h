// SPDX-License-Identifier: Apache-2.0
// A stack of its own and a place to go on from: what a thread of a block is here. One operating
// system thread runs all of them, so switching is a function call and nothing needs a lock.
#pragma once

#include <cstddef>

#if !defined(__x86_64__)
#include <ucontext.h>
#endif

namespace emulation {

class Fiber {
 public:
  // Prepares to run entry() on this stack; entry must never return.
  void prepare(unsigned char* stack, size_t bytes, void (*entry)());
  // Leaves `this`, which is running, for `other`; returns when somebody switches back.
  void switch_to(Fiber& other);

 private:
#if defined(__x86_64__)
  void* stack_pointer_ = nullptr;
#else
  ucontext_t context_;
#endif
};

constexpr int kMostFibers = 1024;
constexpr size_t kStackBytes = 128 * 1024;

// Of fiber `index` of kMostFibers. Running off its end is a fault.
unsigned char* stack_of(int index);

}  // namespace emulation
