// SPDX-License-Identifier: Apache-2.0
#include "fiber.h"

#include <sys/mman.h>

#include <cstdint>
#include <cstdlib>

namespace emulation {
namespace {

constexpr size_t kGuardBytes = 4096;

unsigned char* map_stacks() {
  void* mapping = mmap(nullptr, kMostFibers * kStackBytes, PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (mapping == MAP_FAILED) {
    std::abort();
  }
  auto* stacks = static_cast<unsigned char*>(mapping);
  for (size_t i = 0; i < kMostFibers; i++) {
    mprotect(stacks + i * kStackBytes, kGuardBytes, PROT_NONE);
  }
  return stacks;
}

}  // namespace

unsigned char* stack_of(int index) {
  static unsigned char* const stacks = map_stacks();
  return stacks + static_cast<size_t>(index) * kStackBytes;
}

}  // namespace emulation

#if defined(__x86_64__)

// Pushes what the calling convention lets a callee keep, and goes on where the other stack stopped.
asm(R"(
.text
.type sluice_switch_stack, @function
sluice_switch_stack:
  pushq %rbp
  pushq %rbx
  pushq %r12
  pushq %r13
  pushq %r14
  pushq %r15
  movq %rsp, (%rdi)
  movq %rsi, %rsp
  popq %r15
  popq %r14
  popq %r13
  popq %r12
  popq %rbx
  popq %rbp
  ret
.size sluice_switch_stack, . - sluice_switch_stack
)");
extern "C" void sluice_switch_stack(void** save_to, void* go_on_at);

namespace emulation {

void Fiber::prepare(unsigned char* stack, size_t bytes, void (*entry)()) {
  const uintptr_t top = (reinterpret_cast<uintptr_t>(stack) + bytes) & ~uintptr_t{15};
  // From the top: an address to return to (never used, and aligns the stack), the entry, six
  // registers.
  uintptr_t* frame = reinterpret_cast<uintptr_t*>(top) - 8;
  for (int i = 0; i < 8; i++) {
    frame[i] = 0;
  }
  frame[6] = reinterpret_cast<uintptr_t>(entry);
  stack_pointer_ = frame;
}

void Fiber::switch_to(Fiber& other) { sluice_switch_stack(&stack_pointer_, other.stack_pointer_); }

}  // namespace emulation

#else

namespace emulation {

void Fiber::prepare(unsigned char* stack, size_t bytes, void (*entry)()) {
  getcontext(&context_);
  context_.uc_stack.ss_sp = stack;
  context_.uc_stack.ss_size = bytes;
  context_.uc_link = nullptr;
  makecontext(&context_, entry, 0);
}

void Fiber::switch_to(Fiber& other) { swapcontext(&context_, &other.context_); }

}  // namespace emulation

#endif
