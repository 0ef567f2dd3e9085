// SPDX-License-Identifier: Apache-2.0
// Finds accesses that nothing orders, whatever order they happened to run in: of two that touch the
// same bytes, at least one writing, the later one ends the launch and both are named.
//
// Two threads are ordered by
//   __syncthreads              all of a block
//   __syncwarp                 all of a warp
// and by nothing else: not by shuffles, nor by the matrix instructions that wait for their warp.
// Blocks of a launch are never ordered. A copy (cp.async) writes from when it begins until its thread
// has waited for it; then it is a write of that thread. A product (wgmma) reads from when it begins
// until its warp has waited for it, and sees only what was fenced (fence.proxy.async) by the thread
// that wrote it, before the last barrier.
//
// Kernels are compiled with g++'s instrumentation for thread sanitizers, whose calls end here
// (hooks.cpp); instructions that are emulated report what they touch. All calls are about the thread
// that runs.
#pragma once

#include <cstddef>

#include "memory.h"

namespace emulation {

void watch_launch(const DeviceMemory& device, const GuardedMemory& shared);
void watch_block();
void watch_thread(int thread);

// What the block's threads did is before what they will do.
void order_block();
// The same of the running thread's warp.
void order_warp();
// What the running thread wrote may be seen by products behind the next barrier.
void fence_for_products();

// `code` is the place of the access. What is neither shared nor the device's is a thread's own.
void watch_read(const void* address, size_t bytes, const void* code);
void watch_write(const void* address, size_t bytes, const void* code);

void watch_copy_begun(const void* shared, size_t bytes, const void* code);
void watch_copy_done(const void* shared, size_t bytes);

void watch_product_begun(const void* shared, size_t bytes, const void* code);
void watch_product_done(const void* shared, size_t bytes, const void* code);

}  // namespace emulation
