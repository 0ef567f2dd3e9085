// SPDX-License-Identifier: Apache-2.0
// What every kernel starts from: types, and the instructions of the card under readable names.
//
// The same sources are compiled twice: by nvcc for cards, and by g++ for the host emulation that
// tests them. All that differs is behind this file, so kernels contain no PTX.
#pragma once

#include <cstdint>

// An IEEE 754 half as it lies in memory. Kernels compute in float and convert at the edges.
struct Half {
  uint16_t bits;
};

// Eight halves: one 16-byte access of one thread.
struct alignas(16) Half8 {
  uint32_t pairs[4];
};

// What a launch really holds. It lies in device memory, so that a CUDA graph captured for the
// largest batch of a bucket serves every smaller one: blocks beyond these counts leave at once.
struct BatchShape {
  int32_t tokens;
  int32_t sequences;
  int32_t attention_tiles;
};

constexpr int kWarp = 32;
constexpr uint32_t kWholeWarp = 0xffffffffu;

// SLUICE_SM is the architecture compiled for, as 80 in sm_80; SLUICE_WARPGROUPS, whether it is Hopper
// with its own instructions (sm_90a).
#if defined(__CUDACC__)
#define SLUICE_SM (__CUDA_ARCH__ / 10)
#if defined(__CUDA_ARCH_FEAT_SM90_ALL)
#define SLUICE_WARPGROUPS 1
#else
#define SLUICE_WARPGROUPS 0
#endif
#include "instructions.cuh"
#else
#include "emulated_cuda.h"
#endif
#if SLUICE_SM < 80
#include "turing.cuh"
#endif

__device__ __forceinline__ int lane_index() { return threadIdx.x % kWarp; }
__device__ __forceinline__ int warp_index() { return threadIdx.x / kWarp; }

__device__ __forceinline__ void unpack(const Half8& from, float (&to)[8]) {
#pragma unroll
  for (int i = 0; i < 4; i++) {
    unpack_pair(from.pairs[i], to[2 * i], to[2 * i + 1]);
  }
}

__device__ __forceinline__ Half8 pack(const float (&from)[8]) {
  Half8 to;
#pragma unroll
  for (int i = 0; i < 4; i++) {
    to.pairs[i] = pack_pair(from[2 * i], from[2 * i + 1]);
  }
  return to;
}

// 16-byte accesses; the address must be a multiple of 16.
__device__ __forceinline__ Half8 load8(const Half* from) {
  return *reinterpret_cast<const Half8*>(from);
}
__device__ __forceinline__ void store8(Half* to, const Half8& value) {
  *reinterpret_cast<Half8*>(to) = value;
}
