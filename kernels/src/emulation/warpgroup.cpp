// SPDX-License-Identifier: Apache-2.0
// Hopper's asynchronous products. What a warp begins is computed when it waits for it, as late as
// can be, from what shared memory then holds; races.cpp sees to it that nobody has changed it.
//
// A warp computes its own 16 of the 64 rows, so it waits for nobody else; that four warps have begun
// the same products is checked at the next barrier.
#include <array>
#include <deque>
#include <vector>

#include "block.h"
#include "emulated_cuda.h"
#include "numbers.h"
#include "races.h"

namespace emulation {
namespace {

constexpr int kLanes = 32;
constexpr int kColumns = 128;
constexpr int kStepBytes = 32;
constexpr int kChunkBytes = 16;
using Row = std::array<unsigned char, kStepBytes>;

// The address at which shared memory is said to begin; cards keep the first bytes for themselves.
constexpr uint32_t kSharedBegin = 1024;

// One lane's part of a product.
struct Begun {
  void* sums;  // [16][4] floats or integers
  uint64_t a, b;
  bool bytes;
  const void* code;
};

struct Product {
  void* sums[kLanes];
  uint64_t a, b;
  bool bytes;
  const void* code;
  int warp;
};

struct WarpProducts {
  std::vector<Product> open;
  std::deque<std::vector<Product>> groups;
  bool fenced = false;  // the registers, for the group that is open
  uint64_t begun = 0;   // all products of the block, as one number
};

std::array<WarpProducts, 32> warps;

WarpProducts& mine() { return warps[threadIdx.x / kLanes]; }

// Where 16 bytes of row `row` of the factor lie that a descriptor names: K-major with the 64-byte
// swizzle, in which bits 4 and 5 of an address are exchanged by its bits 7 and 8.
const unsigned char* chunk_at(uint64_t descriptor, uint32_t row, uint32_t chunk) {
  if (descriptor >> 62 != 2 || (descriptor >> 49 & 7) != 0) {
    fail("a descriptor of a layout that is not emulated");
  }
  const auto start = static_cast<uint32_t>(descriptor & 0x3fff) << 4;
  const auto eight_rows = static_cast<uint32_t>(descriptor >> 32 & 0x3fff) << 4;
  uint32_t address = start + row / 8 * eight_rows + row % 8 * 64 + chunk;
  address ^= (address >> 7 & 3) << 4;
  const unsigned char* from = block_memory().data() + address - kSharedBegin;
  if (address < kSharedBegin || !block_memory().holds(from, kChunkBytes)) {
    fail("a descriptor leads outside of the block's shared memory");
  }
  return from;
}

// The rows that a warp multiplies, one behind the other: 16 of a, then all of b.
constexpr uint32_t kARows = 16;
constexpr uint32_t kRows = kARows + kColumns;
using Factors = std::array<Row, kRows>;

// Calls visit(row, where in the row, where in shared memory) for each 16 bytes that a product reads.
template <class VISIT>
void each_chunk(const Product& product, VISIT visit) {
  const uint32_t above = static_cast<uint32_t>(product.warp % 4) * kARows;
  for (uint32_t row = 0; row < kRows; row++) {
    for (uint32_t at = 0; at < kStepBytes; at += kChunkBytes) {
      visit(row, at, row < kARows ? chunk_at(product.a, above + row, at)
                                  : chunk_at(product.b, row - kARows, at));
    }
  }
}

double dot_halves(const Row& a, const Row& b) {
  double sum = 0;
  for (int i = 0; i < kStepBytes; i += 2) {
    auto half = [i](const Row& row) {
      return static_cast<double>(half_to_float(static_cast<uint16_t>(row[i] | row[i + 1] << 8)));
    };
    sum += half(a) * half(b);
  }
  return sum;
}

int dot_bytes(const Row& a, const Row& b) {
  int sum = 0;
  for (int i = 0; i < kStepBytes; i++) {
    sum += static_cast<int8_t>(a[i]) * static_cast<int8_t>(b[i]);
  }
  return sum;
}

void compute(const Product& product) {
  Factors factors;
  each_chunk(product, [&](uint32_t row, uint32_t at, const unsigned char* from) {
    watch_product_done(from, kChunkBytes, product.code);
    std::memcpy(&factors[row][at], from, kChunkBytes);
  });
  for (int lane = 0; lane < kLanes; lane++) {
    for (int strip = 0; strip < kColumns / 8; strip++) {
      for (int i = 0; i < 4; i++) {
        const Row& a = factors[static_cast<size_t>(lane / 4 + i / 2 * 8)];
        const Row& b = factors[kARows + static_cast<size_t>(strip * 8 + lane % 4 * 2 + i % 2)];
        const int at = strip * 4 + i;
        if (product.bytes) {
          static_cast<int32_t*>(product.sums[lane])[at] += dot_bytes(a, b);
        } else {
          float& sum = static_cast<float*>(product.sums[lane])[at];
          sum = static_cast<float>(sum + dot_halves(a, b));
        }
      }
    }
  }
}

void begin(void* const (&lanes)[kLanes]) {
  const auto& first = *static_cast<const Begun*>(lanes[0]);
  if (!mine().fenced) {
    fail("a group of products without wgmma.fence before it");
  }
  Product product{{}, first.a, first.b, first.bytes, first.code,
                  static_cast<int>(threadIdx.x) / kLanes};
  for (int lane = 0; lane < kLanes; lane++) {
    const auto& begun = *static_cast<const Begun*>(lanes[lane]);
    if (begun.a != first.a || begun.b != first.b) {
      fail("the lanes of a warp disagree on a descriptor");
    }
    product.sums[lane] = begun.sums;
  }
  each_chunk(product, [&](uint32_t, uint32_t, const unsigned char* from) {
    watch_product_begun(from, kChunkBytes, product.code);
  });
  mine().open.push_back(product);
  for (const uint64_t part : {first.a, first.b, reinterpret_cast<uint64_t>(first.code)}) {
    mine().begun = (mine().begun ^ part) * 1099511628211u + 1;
  }
}

void commit(void* const (&)[kLanes]) {
  mine().groups.push_back(std::move(mine().open));
  mine().open.clear();
  mine().fenced = false;
}

void wait_for(void* const (&lanes)[kLanes]) {
  while (mine().groups.size() > static_cast<size_t>(*static_cast<const int*>(lanes[0]))) {
    for (const Product& product : mine().groups.front()) {
      compute(product);
    }
    mine().groups.pop_front();
  }
}

void fence(void* const (&)[kLanes]) { mine().fenced = true; }

}  // namespace

void forget_products() {
  warps.fill({});
}

void check_warpgroups() {
  for (size_t warp = 0; warp < warps.size(); warp++) {
    if (warps[warp].begun != warps[warp / 4 * 4].begun) {
      fail("the four warps of a warpgroup have not begun the same products");
    }
  }
}

bool products_under_way() { return !mine().open.empty() || !mine().groups.empty(); }

}  // namespace emulation

using emulation::with_warp;

uint32_t shared_address(const void* pointer) {
  const auto offset = static_cast<const unsigned char*>(pointer) - shared_memory();
  return emulation::kSharedBegin + static_cast<uint32_t>(offset);
}

void fence_shared_for_warpgroup() { emulation::fence_for_products(); }

void warpgroup_fence(const char* file, int line) {
  with_warp({"wgmma.fence", file, line}, nullptr, emulation::fence);
}

void warpgroup_commit(const char* file, int line) {
  with_warp({"wgmma.commit_group", file, line}, nullptr, emulation::commit);
}

void warpgroup_wait_for(int pending, const char* file, int line) {
  with_warp({"wgmma.wait_group", file, line}, &pending, emulation::wait_for);
}

void warpgroup_multiply(float (&c)[16][4], uint64_t a, uint64_t b, const char* file, int line) {
  emulation::Begun begun{c, a, b, false, __builtin_return_address(0)};
  with_warp({"wgmma.m64n128k16.f16", file, line}, &begun, emulation::begin);
}

void warpgroup_multiply(int32_t (&c)[16][4], uint64_t a, uint64_t b, const char* file, int line) {
  emulation::Begun begun{c, a, b, true, __builtin_return_address(0)};
  with_warp({"wgmma.m64n128k32.s8", file, line}, &begun, emulation::begin);
}
