// SPDX-License-Identifier: Apache-2.0
// Hopper's warpgroup instructions (sm_90a only) as functions.
#pragma once

// Makes what this thread has copied to shared memory visible to the asynchronous instructions; the
// barrier behind it makes it visible to those of all threads.
__device__ __forceinline__ void fence_shared_for_warpgroup() {
  asm volatile("fence.proxy.async.shared::cta;" ::: "memory");
}

// Before the first product, and after sums were touched by anything else.
__device__ __forceinline__ void warpgroup_fence() {
  asm volatile("wgmma.fence.sync.aligned;" ::: "memory");
}

__device__ __forceinline__ void warpgroup_commit() {
  asm volatile("wgmma.commit_group.sync.aligned;" ::: "memory");
}

// Waits until at most the newest PENDING groups of products are still under way.
template <int PENDING>
__device__ __forceinline__ void warpgroup_wait() {
  asm volatile("wgmma.wait_group.sync.aligned %0;" ::"n"(PENDING) : "memory");
}

// What reads this sum stays behind this point; the compiler does not know that it is being written.
__device__ __forceinline__ void hold(float& sum) { asm volatile("" : "+f"(sum)::"memory"); }
__device__ __forceinline__ void hold(int32_t& sum) { asm volatile("" : "+r"(sum)::"memory"); }

#define SLUICE_SUMS                                                                            \
  "{%0, %1, %2, %3, %4, %5, %6, %7, %8, %9, %10, %11, %12, %13, %14, %15, "                    \
  "%16, %17, %18, %19, %20, %21, %22, %23, %24, %25, %26, %27, %28, %29, %30, %31, "           \
  "%32, %33, %34, %35, %36, %37, %38, %39, %40, %41, %42, %43, %44, %45, %46, %47, "           \
  "%48, %49, %50, %51, %52, %53, %54, %55, %56, %57, %58, %59, %60, %61, %62, %63}"
#define SLUICE_FOUR(KIND, I) \
  "+" KIND(c[I][0]), "+" KIND(c[I][1]), "+" KIND(c[I][2]), "+" KIND(c[I][3])
#define SLUICE_SIXTEEN(KIND, I) \
  SLUICE_FOUR(KIND, I), SLUICE_FOUR(KIND, I + 1), SLUICE_FOUR(KIND, I + 2), SLUICE_FOUR(KIND, I + 3)
#define SLUICE_ALL(KIND)                                                              \
  SLUICE_SIXTEEN(KIND, 0), SLUICE_SIXTEEN(KIND, 4), SLUICE_SIXTEEN(KIND, 8), \
      SLUICE_SIXTEEN(KIND, 12)

// c[64x128] += a[64x16] b[128x16]^T, both by descriptor, halves into floats. Begins only.
__device__ __forceinline__ void warpgroup_multiply(float (&c)[16][4], uint64_t a, uint64_t b) {
  asm volatile("wgmma.mma_async.sync.aligned.m64n128k16.f32.f16.f16 " SLUICE_SUMS
               ", %64, %65, 1, 1, 1, 0, 0;"
               : SLUICE_ALL("f")
               : "l"(a), "l"(b));
}

// c[64x128] += a[64x32] b[128x32]^T, both by descriptor, signed bytes into integers. Begins only.
__device__ __forceinline__ void warpgroup_multiply(int32_t (&c)[16][4], uint64_t a, uint64_t b) {
  asm volatile("wgmma.mma_async.sync.aligned.m64n128k32.s32.s8.s8 " SLUICE_SUMS
               ", %64, %65, 1;"
               : SLUICE_ALL("r")
               : "l"(a), "l"(b));
}

#undef SLUICE_SUMS
#undef SLUICE_FOUR
#undef SLUICE_SIXTEEN
#undef SLUICE_ALL
