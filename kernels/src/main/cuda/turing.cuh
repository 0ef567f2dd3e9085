// SPDX-License-Identifier: Apache-2.0
// Turing (sm_75) has neither asynchronous copies nor the large matrix shapes. Here copies are plain
// and done at once, and a product is made of smaller ones, whose fragments are the same registers.
#pragma once

__device__ __forceinline__ void copy_async16(void* shared, const void* global, bool valid) {
  *static_cast<uint4*>(shared) = valid ? *static_cast<const uint4*>(global) : uint4{0, 0, 0, 0};
}

__device__ __forceinline__ void copy_async_commit() {}

template <int PENDING>
__device__ __forceinline__ void copy_async_wait() {}

__device__ __forceinline__ void multiply_halves(float (&c)[4], const uint32_t (&a)[4], uint32_t b0,
                                                uint32_t b1) {
  multiply_halves_8(c, a[0], a[1], b0);
  multiply_halves_8(c, a[2], a[3], b1);
}

__device__ __forceinline__ void multiply_bytes(int32_t (&c)[4], const uint32_t (&a)[4], uint32_t b0,
                                               uint32_t b1) {
  multiply_bytes_16(c[0], c[1], a[0], b0);
  multiply_bytes_16(c[0], c[1], a[2], b1);
  multiply_bytes_16(c[2], c[3], a[1], b0);
  multiply_bytes_16(c[2], c[3], a[3], b1);
}
