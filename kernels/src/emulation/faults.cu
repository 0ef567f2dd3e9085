// SPDX-License-Identifier: Apache-2.0
// Kernels that are wrong on purpose, each in one way that the emulation must notice. Not part of the
// module.
#include "device.cuh"

extern "C" __global__ void fault_barrier_skipped_by_some(int32_t*) {
  if (threadIdx.x < 40) {
    __syncthreads();
  }
}

extern "C" __global__ void fault_barriers_at_two_places(int32_t*) {
  if (threadIdx.x < 32) {
    __syncthreads();
  } else {
    __syncthreads();
  }
}

extern "C" __global__ void fault_shuffle_without_some_lanes(int32_t*) {
  if (threadIdx.x % 32 < 31) {
    __shfl_xor_sync(kWholeWarp, 1.0f, 1);
  }
}

extern "C" __global__ void fault_warp_at_two_places(int32_t*) {
  if (threadIdx.x % 2 == 0) {
    __shfl_xor_sync(kWholeWarp, 1.0f, 1);
  } else {
    __syncthreads();
  }
}

extern "C" __global__ void fault_write_behind_a_buffer(int32_t* ints) { ints[4096 + threadIdx.x] = 1; }

extern "C" __global__ void fault_write_before_a_buffer(int32_t* ints) { ints[-1] = 1; }

extern "C" __global__ void fault_read_behind_a_buffer(int32_t* ints) { ints[0] = ints[4096]; }

extern "C" __global__ void fault_write_behind_shared_memory(int32_t*) {
  reinterpret_cast<int32_t*>(shared_memory())[2048] = 1;
}

extern "C" __global__ void fault_misaligned_access(int32_t* ints) {
  store8(reinterpret_cast<Half*>(ints) + threadIdx.x, Half8{});
}

extern "C" __global__ void fault_matrix_row_outside_of_shared_memory(int32_t*) {
  uint32_t fragment[4];
  load_matrices(fragment, shared_memory() + 8192);
}

// Writes what it finds in shared memory that nobody has written: 0xffffffff.
extern "C" __global__ void fault_uninitialised_shared_memory(int32_t* ints) {
  ints[threadIdx.x] = reinterpret_cast<int32_t*>(shared_memory())[threadIdx.x];
}

#if SLUICE_SM >= 80
extern "C" __global__ void fault_copy_never_waited_for(int32_t* ints) {
  copy_async16(shared_memory() + threadIdx.x * 16, ints + threadIdx.x * 4, true);
  copy_async_commit();
}

__device__ __forceinline__ void multiply_zeros() {
  const uint64_t descriptor = (shared_address(shared_memory()) & 0x3ffff) >> 4 |
                              uint64_t{32} << 32 | uint64_t{2} << 62;
  float sums[16][4] = {};
  warpgroup_multiply(sums, descriptor, descriptor);
  warpgroup_commit();
  warpgroup_wait<0>();
}

extern "C" __global__ void fault_product_without_register_fence(int32_t*) { multiply_zeros(); }

// Four warps make a product, or none.
extern "C" __global__ void fault_product_of_some_warps(int32_t*) {
  if (warp_index() != 1) {
    warpgroup_fence();
    multiply_zeros();
  }
}
#endif

// Not a fault: the conversion that all results go through, to be compared with another one.
extern "C" __global__ void probe_rounding(const float* floats, Half* halves, int count) {
  const int i = static_cast<int>(blockIdx.x * blockDim.x + threadIdx.x) * 2;
  if (i < count) {
    *reinterpret_cast<uint32_t*>(halves + i) = pack_pair(floats[i], floats[i + 1]);
  }
}
