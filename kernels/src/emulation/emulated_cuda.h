// SPDX-License-Identifier: Apache-2.0
// The part of CUDA that the kernels use, for g++. Device functions keep their names and meanings;
// instructions of a whole warp wait until its 32 lanes have come, and follow the lane layouts of the
// PTX manual. Included by device.cuh in place of the real instructions.
#pragma once

#include <cmath>
#include <cstdint>
#include <cstring>

#define __device__
#define __global__
#define __forceinline__ inline
#define __launch_bounds__(...)

struct alignas(8) uint2 {
  uint32_t x, y;
};
struct alignas(16) uint4 {
  uint32_t x, y, z, w;
};
struct alignas(16) float4 {
  float x, y, z, w;
};

struct Index3 {
  unsigned x, y, z;
};
// Those of the thread that runs; set whenever another one is given the processor.
extern Index3 threadIdx, blockIdx, blockDim, gridDim;

// Where a call stands, to tell threads apart that wait at different places.
#define SLUICE_HERE const char *file = __builtin_FILE(), int line = __builtin_LINE()

namespace emulation {
struct Place {
  const char* what;
  const char* file;
  int line;
};
void wait_for_block(const Place& place);
// Waits for the warp; the lane that comes last has perform(operands of all 32 lanes) called.
void with_warp(const Place& place, void* operands, void (*perform)(void* const (&lanes)[32]));
// Ends the launch with this message and the place of the running thread.
[[noreturn]] void fail(const char* message);
}  // namespace emulation

[[noreturn]] void refuse_to_run();
unsigned char* shared_memory();
void __syncthreads(SLUICE_HERE);
void __syncwarp(SLUICE_HERE);

float __shfl_xor_sync(uint32_t mask, float value, int distance, SLUICE_HERE);

uint32_t pack_pair(float low, float high);
void unpack_pair(uint32_t pair, float& low, float& high);

#if SLUICE_SM >= 80
void copy_async16(void* shared, const void* global, bool valid);
void copy_async_commit();
void copy_async_wait_for(int pending);
template <int PENDING>
inline void copy_async_wait() {
  copy_async_wait_for(PENDING);
}
void multiply_halves(float (&c)[4], const uint32_t (&a)[4], uint32_t b0, uint32_t b1, SLUICE_HERE);
void multiply_bytes(int32_t (&c)[4], const uint32_t (&a)[4], uint32_t b0, uint32_t b1, SLUICE_HERE);
#else
void multiply_halves_8(float (&c)[4], uint32_t a0, uint32_t a1, uint32_t b, SLUICE_HERE);
void multiply_bytes_16(int32_t& c0, int32_t& c1, uint32_t a, uint32_t b, SLUICE_HERE);
#endif
void load_matrices(uint32_t (&fragment)[4], const void* shared_row, SLUICE_HERE);
void load_matrices_transposed(uint32_t (&fragment)[4], const void* shared_row, SLUICE_HERE);

// The build for later cards has Hopper's instructions too.
#define SLUICE_WARPGROUPS (SLUICE_SM >= 80)
uint32_t shared_address(const void* pointer);
void fence_shared_for_warpgroup();
void warpgroup_fence(SLUICE_HERE);
void warpgroup_commit(SLUICE_HERE);
void warpgroup_wait_for(int pending, const char* file, int line);
template <int PENDING>
inline void warpgroup_wait(SLUICE_HERE) {
  warpgroup_wait_for(PENDING, file, line);
}
void warpgroup_multiply(float (&c)[16][4], uint64_t a, uint64_t b, SLUICE_HERE);
void warpgroup_multiply(int32_t (&c)[16][4], uint64_t a, uint64_t b, SLUICE_HERE);
inline void hold(float&) {}
inline void hold(int32_t&) {}

inline float exp2_fast(float x) { return std::exp2(x); }
inline float rsqrtf(float x) { return 1.0f / std::sqrt(x); }
inline int min(int a, int b) { return a < b ? a : b; }
inline int max(int a, int b) { return a > b ? a : b; }
// To nearest even, as the default rounding mode of the host; NaN is 0 and the rest saturates.
inline int __float2int_rn(float x) {
  if (!(x > -2147483648.0f)) {
    return x != x ? 0 : INT32_MIN;
  }
  return x >= 2147483648.0f ? INT32_MAX : static_cast<int>(std::nearbyint(x));
}
inline uint32_t __float_as_uint(float x) {
  uint32_t bits;
  std::memcpy(&bits, &x, sizeof bits);
  return bits;
}
inline float __uint_as_float(uint32_t bits) {
  float x;
  std::memcpy(&x, &bits, sizeof x);
  return x;
}
