// SPDX-License-Identifier: Apache-2.0
// The instructions, by the fragment layouts of the PTX manual. `g` is a lane's group, lane / 4; `t`
// its place in the group, lane % 4.
#include "block.h"
#include "emulated_cuda.h"
#include "numbers.h"
#include "races.h"

using emulation::fail;
using emulation::with_warp;

namespace {

constexpr int kLanes = 32;

float part(uint32_t pair, int index) {
  return emulation::half_to_float(static_cast<uint16_t>(pair >> (16 * index)));
}
int byte(uint32_t word, int index) { return static_cast<int8_t>(word >> (8 * index)); }

// Operands of one lane; the result is added to c where it lies.
template <class NUMBER, int CS, int AS, int BS>
struct Product {
  NUMBER* c[CS];
  uint32_t a[AS];
  uint32_t b[BS];
};

// c[M x 8] += a[M x K] b[K x 8]: collects the matrices from the lanes' fragments, multiplies, and
// gives each lane its elements. PER is how many elements share a register, READ takes one out.
template <class NUMBER, class SUM, int M, int PER, int AS, int BS, NUMBER (*READ)(uint32_t, int)>
void multiply_fragments(void* const (&lanes)[kLanes]) {
  constexpr int kDepth = 4 * PER * BS;
  constexpr int kRegistersPerColumns = M / 8;
  NUMBER a[M][kDepth];
  NUMBER b[8][kDepth];
  for (int lane = 0; lane < kLanes; lane++) {
    const auto& mine = *static_cast<const Product<NUMBER, 2 * M / 8, AS, BS>*>(lanes[lane]);
    const int g = lane / 4, t = lane % 4;
    for (int i = 0; i < AS; i++) {
      const int row = g + i % kRegistersPerColumns * 8;
      const int column = t * PER + i / kRegistersPerColumns * 4 * PER;
      for (int j = 0; j < PER; j++) {
        a[row][column + j] = READ(mine.a[i], j);
      }
    }
    for (int i = 0; i < BS; i++) {
      for (int j = 0; j < PER; j++) {
        b[g][t * PER + i * 4 * PER + j] = READ(mine.b[i], j);
      }
    }
  }
  for (int lane = 0; lane < kLanes; lane++) {
    const auto& mine = *static_cast<const Product<NUMBER, 2 * M / 8, AS, BS>*>(lanes[lane]);
    for (int i = 0; i < 2 * M / 8; i++) {
      const NUMBER* row = a[lane / 4 + i / 2 * 8];
      const NUMBER* column = b[lane % 4 * 2 + i % 2];
      SUM sum = *mine.c[i];
      for (int k = 0; k < kDepth; k++) {
        sum += static_cast<SUM>(row[k]) * static_cast<SUM>(column[k]);
      }
      *mine.c[i] = static_cast<NUMBER>(sum);
    }
  }
}

struct RowOfMatrices {
  const unsigned char* row;
  uint32_t* fragment;
};

template <bool TRANSPOSED>
void load_fragments(void* const (&lanes)[kLanes]) {
  uint16_t elements[4][8][8];
  for (int lane = 0; lane < kLanes; lane++) {
    const auto& mine = *static_cast<const RowOfMatrices*>(lanes[lane]);
    std::memcpy(elements[lane / 8][lane % 8], mine.row, 16);
  }
  for (int lane = 0; lane < kLanes; lane++) {
    const auto& mine = *static_cast<const RowOfMatrices*>(lanes[lane]);
    const int g = lane / 4, t = lane % 4;
    for (int i = 0; i < 4; i++) {
      const auto& matrix = elements[i];
      const uint32_t low = TRANSPOSED ? matrix[2 * t][g] : matrix[g][2 * t];
      const uint32_t high = TRANSPOSED ? matrix[2 * t + 1][g] : matrix[g][2 * t + 1];
      mine.fragment[i] = low | high << 16;
    }
  }
}

void order_lanes(void* const (&)[kLanes]) { emulation::order_warp(); }

// Shared addresses of these instructions must be multiples of 16 inside of the block's memory.
void check_shared(const void* address) {
  if (reinterpret_cast<uintptr_t>(address) % 16 != 0) {
    fail("a shared address is not a multiple of 16");
  }
  if (!emulation::block_memory().holds(address, 16)) {
    fail("a shared address lies outside of the block's shared memory");
  }
}

struct Shuffle {
  float value;
  float result;
  int distance;
};

void shuffle_all(void* const (&lanes)[kLanes]) {
  for (int lane = 0; lane < kLanes; lane++) {
    auto& mine = *static_cast<Shuffle*>(lanes[lane]);
    mine.result = static_cast<const Shuffle*>(lanes[lane ^ mine.distance])->value;
  }
}

}  // namespace

void refuse_to_run() { fail("trap"); }

unsigned char* shared_memory() { return emulation::block_memory().data(); }

void __syncthreads(const char* file, int line) {
  emulation::wait_for_block({"__syncthreads", file, line});
}

void __syncwarp(const char* file, int line) {
  with_warp({"__syncwarp", file, line}, nullptr, order_lanes);
}

float __shfl_xor_sync(uint32_t mask, float value, int distance, const char* file, int line) {
  if (mask != 0xffffffffu || distance < 0 || distance >= kLanes) {
    fail("a shuffle of a part of a warp: not emulated");
  }
  Shuffle shuffle{value, 0, distance};
  with_warp({"__shfl_xor_sync", file, line}, &shuffle, shuffle_all);
  return shuffle.result;
}

uint32_t pack_pair(float low, float high) {
  return emulation::float_to_half(low) |
         static_cast<uint32_t>(emulation::float_to_half(high)) << 16;
}

void unpack_pair(uint32_t pair, float& low, float& high) {
  low = part(pair, 0);
  high = part(pair, 1);
}

void load_matrices(uint32_t (&fragment)[4], const void* shared_row, const char* file, int line) {
  check_shared(shared_row);
  emulation::watch_read(shared_row, 16, __builtin_return_address(0));
  RowOfMatrices row{static_cast<const unsigned char*>(shared_row), fragment};
  with_warp({"ldmatrix", file, line}, &row, load_fragments<false>);
}

void load_matrices_transposed(uint32_t (&fragment)[4], const void* shared_row, const char* file,
                              int line) {
  check_shared(shared_row);
  emulation::watch_read(shared_row, 16, __builtin_return_address(0));
  RowOfMatrices row{static_cast<const unsigned char*>(shared_row), fragment};
  with_warp({"ldmatrix.trans", file, line}, &row, load_fragments<true>);
}

#if SLUICE_SM >= 80
void copy_async16(void* shared, const void* global, bool valid) {
  check_shared(shared);
  if (valid && reinterpret_cast<uintptr_t>(global) % 16 != 0) {
    fail("a global address is not a multiple of 16");
  }
  emulation::begin_copy(shared, valid ? global : nullptr, __builtin_return_address(0));
}

void copy_async_commit() { emulation::close_copy_group(); }

void copy_async_wait_for(int pending) { emulation::finish_copies(pending); }

void multiply_halves(float (&c)[4], const uint32_t (&a)[4], uint32_t b0, uint32_t b1,
                     const char* file, int line) {
  Product<float, 4, 4, 2> mine{
      {&c[0], &c[1], &c[2], &c[3]}, {a[0], a[1], a[2], a[3]}, {b0, b1}};
  with_warp({"mma.m16n8k16.f16", file, line}, &mine,
            multiply_fragments<float, double, 16, 2, 4, 2, part>);
}

void multiply_bytes(int32_t (&c)[4], const uint32_t (&a)[4], uint32_t b0, uint32_t b1,
                    const char* file, int line) {
  Product<int, 4, 4, 2> mine{{&c[0], &c[1], &c[2], &c[3]}, {a[0], a[1], a[2], a[3]}, {b0, b1}};
  with_warp({"mma.m16n8k32.s8", file, line}, &mine,
            multiply_fragments<int, int, 16, 4, 4, 2, byte>);
}
#else
void multiply_halves_8(float (&c)[4], uint32_t a0, uint32_t a1, uint32_t b, const char* file,
                       int line) {
  Product<float, 4, 2, 1> mine{{&c[0], &c[1], &c[2], &c[3]}, {a0, a1}, {b}};
  with_warp({"mma.m16n8k8.f16", file, line}, &mine,
            multiply_fragments<float, double, 16, 2, 2, 1, part>);
}

void multiply_bytes_16(int32_t& c0, int32_t& c1, uint32_t a, uint32_t b, const char* file,
                       int line) {
  Product<int, 2, 1, 1> mine{{&c0, &c1}, {a}, {b}};
  with_warp({"mma.m8n8k16.s8", file, line}, &mine,
            multiply_fragments<int, int, 8, 4, 1, 1, byte>);
}
#endif
