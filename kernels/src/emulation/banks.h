// SPDX-License-Identifier: Apache-2.0
// Counts bank conflicts: how often shared memory must be asked for what one instruction of a warp
// wants. 32 banks of 4 bytes give one word each at a time; a warp asks at once for 4 bytes per
// lane, in two halves for 8, in four quarters for 16. Who wants the same word shares it.
//
// An instruction is taken to be what the lanes of a warp do at one place of the code, each for the
// same time since the last barrier. Only the first block of a launch is counted: the others do the
// same.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace emulation {

// Of all launches from here on.
void count_conflicts();
// By source line: the most that any of its instructions was asked for in place of once. Empty where
// nothing was counted.
std::string describe_conflicts();

// Of the running thread; memory other than shared is not counted.
void count_access(int thread, const void* address, size_t bytes, const char* verb, uint32_t place);
// All threads have come to a barrier, or to their end.
void count_barrier();

}  // namespace emulation
