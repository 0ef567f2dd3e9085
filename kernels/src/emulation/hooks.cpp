// SPDX-License-Identifier: Apache-2.0
// What g++ -fsanitize=thread has the kernels call at each access to memory that may be shared. No
// sanitizer is linked: these are all there is.
#include "races.h"

using emulation::watch_read;
using emulation::watch_write;

#define SLUICE_HOOK(NAME, WATCH, BYTES) \
  void NAME(void* address) { WATCH(address, BYTES, __builtin_return_address(0)); }
#define SLUICE_HOOKS(BYTES)                                        \
  SLUICE_HOOK(__tsan_read##BYTES, watch_read, BYTES)               \
  SLUICE_HOOK(__tsan_write##BYTES, watch_write, BYTES)             \
  SLUICE_HOOK(__tsan_unaligned_read##BYTES, watch_read, BYTES)     \
  SLUICE_HOOK(__tsan_unaligned_write##BYTES, watch_write, BYTES)

extern "C" {
SLUICE_HOOKS(1)
SLUICE_HOOKS(2)
SLUICE_HOOKS(4)
SLUICE_HOOKS(8)
SLUICE_HOOKS(16)

void __tsan_read_range(void* address, size_t bytes) {
  watch_read(address, bytes, __builtin_return_address(0));
}
void __tsan_write_range(void* address, size_t bytes) {
  watch_write(address, bytes, __builtin_return_address(0));
}

void __tsan_init() {}
void __tsan_func_entry(void*) {}
void __tsan_func_exit() {}
}
