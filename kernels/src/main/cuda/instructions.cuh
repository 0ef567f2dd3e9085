// SPDX-License-Identifier: Apache-2.0
// The instructions that C++ has no words for, as PTX. Operand layouts are those of the PTX manual;
// the emulation implements the same functions by the same layouts.
#pragma once

extern __shared__ __align__(1024) unsigned char sluice_shared_memory[];

// The block's dynamic shared memory; no kernel has any other.
__device__ __forceinline__ unsigned char* shared_memory() { return sluice_shared_memory; }

__device__ __forceinline__ uint32_t shared_address(const void* pointer) {
  return static_cast<uint32_t>(__cvta_generic_to_shared(pointer));
}

// Ends the launch as a failure.
[[noreturn]] __device__ __forceinline__ void refuse_to_run() {
  __trap();
  __builtin_unreachable();
}

// Two floats to two halves, rounded to nearest even; `low` takes the lower address.
__device__ __forceinline__ uint32_t pack_pair(float low, float high) {
  uint32_t pair;
  asm("{.reg .f16 l, h; cvt.rn.f16.f32 l, %1; cvt.rn.f16.f32 h, %2; mov.b32 %0, {l, h};}"
      : "=r"(pair)
      : "f"(low), "f"(high));
  return pair;
}

__device__ __forceinline__ void unpack_pair(uint32_t pair, float& low, float& high) {
  asm("{.reg .f16 l, h; mov.b32 {l, h}, %2; cvt.f32.f16 %0, l; cvt.f32.f16 %1, h;}"
      : "=f"(low), "=f"(high)
      : "r"(pair));
}

// 2^x to about 2 units in the last place; 2^-inf is 0.
__device__ __forceinline__ float exp2_fast(float x) {
  float power;
  asm("ex2.approx.ftz.f32 %0, %1;" : "=f"(power) : "f"(x));
  return power;
}

#if SLUICE_SM >= 80
// Copies 16 bytes to shared memory, or writes zeros where `valid` is false (then `global` is not
// read). Done only after copy_async_wait, and seen by other threads after the barrier behind it.
__device__ __forceinline__ void copy_async16(void* shared, const void* global, bool valid) {
  asm volatile("cp.async.cg.shared.global [%0], [%1], 16, %2;" ::"r"(shared_address(shared)),
               "l"(__cvta_generic_to_global(global)), "r"(valid ? 16 : 0)
               : "memory");
}

// Closes the group of copies that this thread has begun since the last call.
__device__ __forceinline__ void copy_async_commit() {
  asm volatile("cp.async.commit_group;" ::: "memory");
}

// Waits until at most the newest PENDING groups of this thread are still under way.
template <int PENDING>
__device__ __forceinline__ void copy_async_wait() {
  asm volatile("cp.async.wait_group %0;" ::"n"(PENDING) : "memory");
}
#endif

// Four 8x8 matrices of 16-bit elements. Lane l names row l%8 of matrix l/8 (16 bytes, aligned);
// fragment i of lane l is elements 2(l%4) and 2(l%4)+1 of row l/4 of matrix i.
__device__ __forceinline__ void load_matrices(uint32_t (&fragment)[4], const void* shared_row) {
  asm volatile("ldmatrix.sync.aligned.m8n8.x4.shared.b16 {%0, %1, %2, %3}, [%4];"
               : "=r"(fragment[0]), "=r"(fragment[1]), "=r"(fragment[2]), "=r"(fragment[3])
               : "r"(shared_address(shared_row))
               : "memory");
}

// The same, of the transposed matrices.
__device__ __forceinline__ void load_matrices_transposed(uint32_t (&fragment)[4],
                                                         const void* shared_row) {
  asm volatile("ldmatrix.sync.aligned.m8n8.x4.trans.shared.b16 {%0, %1, %2, %3}, [%4];"
               : "=r"(fragment[0]), "=r"(fragment[1]), "=r"(fragment[2]), "=r"(fragment[3])
               : "r"(shared_address(shared_row))
               : "memory");
}

#if SLUICE_SM >= 80
// c[16x8] += a[16x16] b[16x8], halves into floats. Of the four registers of `a`, the first two hold
// columns 0 to 7 and the last two columns 8 to 15, rows 8 apart; b0 and b1 hold rows 0 to 7 and 8 to
// 15 of b.
__device__ __forceinline__ void multiply_halves(float (&c)[4], const uint32_t (&a)[4], uint32_t b0,
                                                uint32_t b1) {
  asm("mma.sync.aligned.m16n8k16.row.col.f32.f16.f16.f32 {%0, %1, %2, %3}, {%4, %5, %6, %7}, "
      "{%8, %9}, {%0, %1, %2, %3};"
      : "+f"(c[0]), "+f"(c[1]), "+f"(c[2]), "+f"(c[3])
      : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b0), "r"(b1));
}

// c[16x8] += a[16x32] b[32x8], signed bytes into 32-bit integers; registers as above, with 16
// columns where halves have 8.
__device__ __forceinline__ void multiply_bytes(int32_t (&c)[4], const uint32_t (&a)[4], uint32_t b0,
                                               uint32_t b1) {
  asm("mma.sync.aligned.m16n8k32.row.col.s32.s8.s8.s32 {%0, %1, %2, %3}, {%4, %5, %6, %7}, "
      "{%8, %9}, {%0, %1, %2, %3};"
      : "+r"(c[0]), "+r"(c[1]), "+r"(c[2]), "+r"(c[3])
      : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b0), "r"(b1));
}
#else
// c[16x8] += a[16x8] b[8x8], halves into floats.
__device__ __forceinline__ void multiply_halves_8(float (&c)[4], uint32_t a0, uint32_t a1,
                                                  uint32_t b) {
  asm("mma.sync.aligned.m16n8k8.row.col.f32.f16.f16.f32 {%0, %1, %2, %3}, {%4, %5}, {%6}, "
      "{%0, %1, %2, %3};"
      : "+f"(c[0]), "+f"(c[1]), "+f"(c[2]), "+f"(c[3])
      : "r"(a0), "r"(a1), "r"(b));
}

// c[8x8] += a[8x16] b[16x8], signed bytes into 32-bit integers.
__device__ __forceinline__ void multiply_bytes_16(int32_t& c0, int32_t& c1, uint32_t a,
                                                  uint32_t b) {
  asm("mma.sync.aligned.m8n8k16.row.col.s32.s8.s8.s32 {%0, %1}, {%2}, {%3}, {%0, %1};"
      : "+r"(c0), "+r"(c1)
      : "r"(a), "r"(b));
}
#endif
