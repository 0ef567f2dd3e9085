// SPDX-License-Identifier: Apache-2.0
// Hopper's asynchronous products. What a warp begins is computed when it waits for it, as late as
// can be, from what shared memory then holds; if that is not what it held at the beginning, somebody
// was too early or too late, and the launch fails.
//
// A warp computes its own 16 of the 64 rows, so it waits for nobody else.
#include <array>
#include <deque>
#include <vector>

#include "block.h"
#include "emulated_cuda.h"
#include "numbers.h"

namespace emulation {
namespace {

constexpr int kLanes = 32;
constexpr int kColumns = 128;
constexpr int kStepBytes = 32;
using Row = std::array<unsigned char, kStepBytes>;

// The address at which shared memory is said to begin; cards keep the first bytes for themselves.
constexpr uint32_t kSharedBegin = 1024;

// One lane's part of a product.
struct Begun {
  void* sums;  // [16][4] floats or integers
  uint64_t a, b;
  bool bytes;
};

struct Product {
  void* sums[kLanes];
  uint64_t a, b;
  bool bytes;
  int warp;
  uint64_t seen;  // of the factors, when it began
};

struct WarpProducts {
  std::vector<Product> open;
  std::deque<std::vector<Product>> groups;
};

std::array<WarpProducts, 32> warps;

WarpProducts& mine() { return warps[threadIdx.x / kLanes]; }

// Row `row` of the factor that a descriptor names: K-major with the 64-byte swizzle, in which bits 4
// and 5 of an address are exchanged by its bits 7 and 8.
Row row_at(uint64_t descriptor, uint32_t row) {
  if (descriptor >> 62 != 2 || (descriptor >> 49 & 7) != 0) {
    fail("a descriptor of a layout that is not emulated");
  }
  const auto start = static_cast<uint32_t>(descriptor & 0x3fff) << 4;
  const auto eight_rows = static_cast<uint32_t>(descriptor >> 32 & 0x3fff) << 4;
  Row bytes;
  for (uint32_t chunk = 0; chunk < kStepBytes; chunk += 16) {
    uint32_t address = start + row / 8 * eight_rows + row % 8 * 64 + chunk;
    address ^= (address >> 7 & 3) << 4;
    const unsigned char* from = block_memory().data() + address - kSharedBegin;
    if (address < kSharedBegin || !block_memory().holds(from, 16)) {
      fail("a descriptor leads outside of the block's shared memory");
    }
    std::memcpy(bytes.data() + chunk, from, 16);
  }
  return bytes;
}

struct Factors {
  std::array<Row, 16> a;
  std::array<Row, kColumns> b;
};

Factors factors_of(const Product& product) {
  Factors factors;
  for (uint32_t row = 0; row < 16; row++) {
    factors.a[row] = row_at(product.a, static_cast<uint32_t>(product.warp % 4) * 16 + row);
  }
  for (uint32_t row = 0; row < kColumns; row++) {
    factors.b[row] = row_at(product.b, row);
  }
  return factors;
}

uint64_t hash(const Factors& factors) {
  uint64_t value = 14695981039346656037u;
  const auto* bytes = reinterpret_cast<const unsigned char*>(&factors);
  for (size_t i = 0; i < sizeof factors; i++) {
    value = (value ^ bytes[i]) * 1099511628211u;
  }
  return value;
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
  const Factors factors = factors_of(product);
  if (hash(factors) != product.seen) {
    fail("a factor changed while its product was under way");
  }
  for (int lane = 0; lane < kLanes; lane++) {
    for (int strip = 0; strip < kColumns / 8; strip++) {
      for (int i = 0; i < 4; i++) {
        const Row& a = factors.a[static_cast<size_t>(lane / 4 + i / 2 * 8)];
        const Row& b = factors.b[static_cast<size_t>(strip * 8 + lane % 4 * 2 + i % 2)];
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
  Product product{
      {}, first.a, first.b, first.bytes, static_cast<int>(threadIdx.x) / kLanes, 0};
  for (int lane = 0; lane < kLanes; lane++) {
    const auto& begun = *static_cast<const Begun*>(lanes[lane]);
    if (begun.a != first.a || begun.b != first.b) {
      fail("the lanes of a warp disagree on a descriptor");
    }
    product.sums[lane] = begun.sums;
  }
  if (unfenced_copies()) {
    fail("a product may not see copies that no fence.proxy.async has followed");
  }
  product.seen = hash(factors_of(product));
  mine().open.push_back(product);
}

void commit(void* const (&)[kLanes]) {
  mine().groups.push_back(std::move(mine().open));
  mine().open.clear();
}

void wait_for(void* const (&lanes)[kLanes]) {
  while (mine().groups.size() > static_cast<size_t>(*static_cast<const int*>(lanes[0]))) {
    for (const Product& product : mine().groups.front()) {
      compute(product);
    }
    mine().groups.pop_front();
  }
}

void nothing(void* const (&)[kLanes]) {}

}  // namespace

void forget_products() {
  for (WarpProducts& warp : warps) {
    warp.open.clear();
    warp.groups.clear();
  }
}

bool products_under_way() { return !mine().open.empty() || !mine().groups.empty(); }

}  // namespace emulation

using emulation::with_warp;

uint32_t shared_address(const void* pointer) {
  const auto offset = static_cast<const unsigned char*>(pointer) - shared_memory();
  return emulation::kSharedBegin + static_cast<uint32_t>(offset);
}

void fence_shared_for_warpgroup() { emulation::fence_copies(); }

void warpgroup_fence(const char* file, int line) {
  with_warp({"wgmma.fence", file, line}, nullptr, emulation::nothing);
}

void warpgroup_commit(const char* file, int line) {
  with_warp({"wgmma.commit_group", file, line}, nullptr, emulation::commit);
}

void warpgroup_wait_for(int pending, const char* file, int line) {
  with_warp({"wgmma.wait_group", file, line}, &pending, emulation::wait_for);
}

void warpgroup_multiply(float (&c)[16][4], uint64_t a, uint64_t b, const char* file, int line) {
  emulation::Begun begun{c, a, b, false};
  with_warp({"wgmma.m64n128k16.f16", file, line}, &begun, emulation::begin);
}

void warpgroup_multiply(int32_t (&c)[16][4], uint64_t a, uint64_t b, const char* file, int line) {
  emulation::Begun begun{c, a, b, true};
  with_warp({"wgmma.m64n128k32.s8", file, line}, &begun, emulation::begin);
}
