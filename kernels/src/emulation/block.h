// SPDX-License-Identifier: Apache-2.0
// Runs launches: block after block, the threads of a block as fibers.
//
// A thread runs until it waits: for its warp (shuffles, matrix instructions) or for its block
// (barriers). Warp after warp runs until none of its lanes can go on. Then either all wait at one
// barrier and it opens, or the kernel has gone wrong: lanes of a warp wait for lanes that wait
// elsewhere or have left, or threads stand at different barriers. On a card that hangs or silently
// computes nonsense; here the launch fails and says who waits where.
//
// A launch gives the order of warps and lanes. Whether their accesses are ordered whatever the order
// is, is watched besides (races.h).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "kernels.h"
#include "memory.h"

namespace emulation {

struct Size3 {
  int32_t x, y, z;
};

enum class Order : int32_t { kForward = 0, kBackward = 1 };

struct LaunchConfiguration {
  Size3 grid;
  Size3 block;
  int32_t shared_bytes;
  Order order;
};

// Runs the kernel of that name once per thread. Returns an empty text, or what went wrong and where;
// then nothing may be concluded from what the launch has written.
std::string run_launch(const LaunchConfiguration& configuration, const DeviceMemory& memory,
                       const std::string& kernel, const std::vector<Argument>& arguments);

// Asynchronous copies of the running thread (copies.cpp).
void forget_copies();
// 16 bytes, or zeros from null; `code` is where it stands.
void begin_copy(void* shared, const void* global, const void* code);
void close_copy_group();
void finish_copies(int pending_groups);
bool copies_under_way();

// Asynchronous products (warpgroup.cpp) of the running thread's warp.
void forget_products();
bool products_under_way();
// At a barrier, for all warps.
void check_warpgroups();

// Has faults end the launch (signals.cpp).
void catch_signals();
// For messages: which buffer is there.
std::string describe_address(const void* address);

// The running block's dynamic shared memory.
GuardedMemory& block_memory();

}  // namespace emulation
