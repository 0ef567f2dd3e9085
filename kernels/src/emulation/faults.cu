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
  reinterpret_cast<int32_t*>(shared_memory())[256] = 1;
}

extern "C" __global__ void fault_misaligned_access(int32_t* ints) {
  store8(reinterpret_cast<Half*>(ints) + threadIdx.x, Half8{});
}

extern "C" __global__ void fault_matrix_row_outside_of_shared_memory(int32_t*) {
  uint32_t fragment[4];
  load_matrices(fragment, shared_memory() + 1024);
}

// Writes what it finds in shared memory that nobody has written: 0xffffffff.
extern "C" __global__ void fault_uninitialised_shared_memory(int32_t* ints) {
  ints[threadIdx.x] = reinterpret_cast<int32_t*>(shared_memory())[threadIdx.x];
}

// Each thread reads what its right neighbour writes, with no barrier between.
extern "C" __global__ void fault_barrier_missing(int32_t* ints) {
  auto* shared = reinterpret_cast<int32_t*>(shared_memory());
  shared[threadIdx.x] = static_cast<int32_t>(threadIdx.x);
  ints[threadIdx.x] = shared[(threadIdx.x + 32) % 64];
}

#if SLUICE_SM >= 80
// Reads a copy before it has waited for it.
extern "C" __global__ void fault_copy_read_too_early(int32_t* ints) {
  unsigned char* mine = shared_memory() + threadIdx.x * 16;
  copy_async16(mine, ints + threadIdx.x * 4, true);
  copy_async_commit();
  const int32_t early = *reinterpret_cast<int32_t*>(mine);
  copy_async_wait<0>();
  ints[threadIdx.x * 4] = early;
}

extern "C" __global__ void fault_copy_never_waited_for(int32_t* ints) {
  copy_async16(shared_memory() + threadIdx.x * 16, ints + threadIdx.x * 4, true);
  copy_async_commit();
}
#endif

// Not a fault: the conversion that all results go through, to be compared with another one.
extern "C" __global__ void probe_rounding(const float* floats, Half* halves, int count) {
  const int i = static_cast<int>(blockIdx.x * blockDim.x + threadIdx.x) * 2;
  if (i < count) {
    *reinterpret_cast<uint32_t*>(halves + i) = pack_pair(floats[i], floats[i + 1]);
  }
}
