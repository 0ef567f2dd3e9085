// SPDX-License-Identifier: Apache-2.0
// Races planted on purpose: each kernel is right where `right` is not 0, and lacks one thing where it
// is. Not part of the module.
#include "device.cuh"

__device__ __forceinline__ int32_t* shared_ints() {
  return reinterpret_cast<int32_t*>(shared_memory());
}

// Reads what a thread of the next warp writes.
extern "C" __global__ void race_barrier_missing(int32_t* ints, int right) {
  shared_ints()[threadIdx.x] = static_cast<int32_t>(threadIdx.x);
  if (right) {
    __syncthreads();
  }
  ints[threadIdx.x] = shared_ints()[(threadIdx.x + kWarp) % blockDim.x];
}

// Reads what another lane of the warp writes. The shuffle waits for all lanes, but orders nothing.
extern "C" __global__ void race_warp_barrier_missing(int32_t* ints, int right) {
  shared_ints()[threadIdx.x] = static_cast<int32_t>(threadIdx.x);
  __shfl_xor_sync(kWholeWarp, 1.0f, 1);
  if (right) {
    __syncwarp();
  }
  ints[threadIdx.x] = shared_ints()[threadIdx.x ^ 1];
}

// __syncwarp where the whole block must wait: reads of two warps before a write of one.
extern "C" __global__ void race_barrier_of_a_warp_only(int32_t* ints, int right) {
  ints[threadIdx.x] = ints[4095];
  __syncwarp();
  if (right) {
    __syncthreads();
  }
  if (threadIdx.x == 0) {
    ints[4095] = 1;
  }
}

// A ring of two places, each filled again one barrier after it was read: a slow reader of the last
// round is overtaken. Three places are enough.
extern "C" __global__ void race_ring_too_short(int32_t* ints, int right) {
  const unsigned places = right ? 3 : 2;
  auto place = [&](unsigned round) { return shared_ints() + round % places * blockDim.x; };
  int32_t sum = 0;
  place(0)[threadIdx.x] = 0;
  for (unsigned round = 0; round < 4; round++) {
    place(round + 1)[threadIdx.x] = static_cast<int32_t>(round);
    __syncthreads();
    sum += place(round)[(threadIdx.x + kWarp) % blockDim.x];
  }
  ints[threadIdx.x] = sum;
}

// All write the same.
extern "C" __global__ void race_same_value(int32_t*, int right) {
  if (!right || threadIdx.x == 0) {
    shared_ints()[0] = 1;
  }
}

// Neighbouring bytes of one word are different places, one byte is one place.
extern "C" __global__ void race_byte(int32_t* ints, int right) {
  reinterpret_cast<uint8_t*>(ints)[right ? threadIdx.x : threadIdx.x / 2] = 1;
}

// A vector covers a word that another thread writes.
extern "C" __global__ void race_vector_over_word(int32_t* ints, int right) {
  if (threadIdx.x == 0) {
    store8(reinterpret_cast<Half*>(ints), Half8{});
  } else if (threadIdx.x == kWarp) {
    ints[right ? 4 : 3] = 1;
  }
}

// Blocks of a launch may run at the same time or in any order.
extern "C" __global__ void race_block_reads_anothers(int32_t* ints, int right) {
  if (threadIdx.x == 0) {
    ints[blockIdx.x] = 1;
    ints[2048 + blockIdx.x] = ints[right ? blockIdx.x : 0];
  }
}

extern "C" __global__ void race_block_writes_what_another_reads(int32_t* ints, int right) {
  if (threadIdx.x == 0) {
    ints[2048 + blockIdx.x] = ints[1];
    if (blockIdx.x == 1) {
      ints[right ? 2 : 1] = 1;
    }
  }
}

extern "C" __global__ void race_blocks_write_the_same(int32_t* ints, int right) {
  if (threadIdx.x == 0) {
    ints[right ? blockIdx.x : 0] = 1;
  }
}

// The matrix is written by one lane per row and loaded without a barrier.
extern "C" __global__ void race_matrix_row(int32_t* ints, int right) {
  unsigned char* rows = shared_memory() + threadIdx.x / kWarp * 512;
  const int lane = lane_index();
  store8(reinterpret_cast<Half*>(rows + lane * 16), Half8{});
  if (right) {
    __syncwarp();
  }
  uint32_t fragment[4];
  load_matrices(fragment, rows + (lane + 8) % 32 * 16);
  ints[threadIdx.x] = static_cast<int32_t>(fragment[0]);
}

#if SLUICE_SM >= 80
// Reads a copy that its neighbour has waited for.
extern "C" __global__ void race_copy_of_another(int32_t* ints, int right) {
  copy_async16(shared_ints() + threadIdx.x * 4, ints + threadIdx.x * 4, true);
  copy_async_commit();
  copy_async_wait<0>();
  if (right) {
    __syncthreads();
  }
  ints[2048 + threadIdx.x] = shared_ints()[(threadIdx.x + 1) % blockDim.x * 4];
}

// Copies to where others still read.
extern "C" __global__ void race_copy_over_what_is_read(int32_t* ints, int right) {
  shared_ints()[threadIdx.x * 4] = 1;
  __syncthreads();
  ints[2048 + threadIdx.x] = shared_ints()[(threadIdx.x + 1) % blockDim.x * 4];
  if (right) {
    __syncthreads();
  }
  copy_async16(shared_ints() + threadIdx.x * 4, ints + threadIdx.x * 4, true);
  copy_async_commit();
  copy_async_wait<0>();
}

// Reads its own copy before it has waited for it.
extern "C" __global__ void race_copy_not_waited_for(int32_t* ints, int right) {
  copy_async16(shared_ints() + threadIdx.x * 4, ints + threadIdx.x * 4, true);
  copy_async_commit();
  if (right) {
    copy_async_wait<0>();
  }
  ints[2048 + threadIdx.x] = shared_ints()[threadIdx.x * 4];
  copy_async_wait<0>();
}

// Overwrites what a copy under way reads.
extern "C" __global__ void race_source_of_a_copy(int32_t* ints, int right) {
  copy_async16(shared_ints() + threadIdx.x * 4, ints + threadIdx.x * 4, true);
  copy_async_commit();
  if (right) {
    copy_async_wait<0>();
  }
  __syncthreads();
  ints[(threadIdx.x + 1) % blockDim.x * 4] = 1;
  copy_async_wait<0>();
}

__device__ __forceinline__ uint64_t product_descriptor(int byte) {
  return (shared_address(shared_memory() + byte) & 0x3ffff) >> 4 | uint64_t{32} << 32 |
         uint64_t{2} << 62;
}

// All fill 128 rows of 64 bytes, for the block's four warps to multiply.
__device__ __forceinline__ void fill_factors() {
  for (unsigned i = threadIdx.x; i < 512; i += blockDim.x) {
    reinterpret_cast<uint4*>(shared_memory())[i] = uint4{0, 0, 0, 0};
  }
}

// The barrier alone does not show products what was written.
extern "C" __global__ void race_product_without_fence(int32_t*, int right) {
  fill_factors();
  if (right) {
    fence_shared_for_warpgroup();
  }
  __syncthreads();
  float sums[16][4] = {};
  warpgroup_fence();
  warpgroup_multiply(sums, product_descriptor(0), product_descriptor(0));
  warpgroup_commit();
  warpgroup_wait<0>();
}

// Nor does a fence of those who only read.
extern "C" __global__ void race_product_fenced_by_readers(int32_t*, int right) {
  fill_factors();
  if (right) {
    fence_shared_for_warpgroup();
  }
  __syncthreads();
  fence_shared_for_warpgroup();
  float sums[16][4] = {};
  warpgroup_fence();
  warpgroup_multiply(sums, product_descriptor(0), product_descriptor(0));
  warpgroup_commit();
  warpgroup_wait<0>();
}

// Writes, behind a barrier, what a product under way still reads.
extern "C" __global__ void race_factor_overwritten(int32_t*, int right) {
  fill_factors();
  fence_shared_for_warpgroup();
  __syncthreads();
  float sums[16][4] = {};
  warpgroup_fence();
  warpgroup_multiply(sums, product_descriptor(0), product_descriptor(0));
  warpgroup_commit();
  if (right) {
    warpgroup_wait<0>();
  }
  __syncthreads();
  fill_factors();
  warpgroup_wait<0>();
}

// The same where the product has ended for this warp, but perhaps not for the other.
extern "C" __global__ void race_factor_overwritten_by_another_warp(int32_t*, int right) {
  fill_factors();
  fence_shared_for_warpgroup();
  __syncthreads();
  float sums[16][4] = {};
  warpgroup_fence();
  warpgroup_multiply(sums, product_descriptor(0), product_descriptor(0));
  warpgroup_commit();
  warpgroup_wait<0>();
  if (right) {
    __syncthreads();
  }
  fill_factors();
}
#endif
