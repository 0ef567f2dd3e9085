// SPDX-License-Identifier: Apache-2.0
#include "banks.h"

#include <algorithm>
#include <array>
#include <map>
#include <tuple>
#include <unordered_map>

#include "block.h"
#include "emulated_cuda.h"
#include "places.h"

namespace emulation {
namespace {

constexpr int kLanes = 32;
constexpr size_t kBanks = 32;
constexpr size_t kBankBytes = 4;
constexpr size_t kMostBytes = 16;  // of a lane at once
constexpr size_t kNowhere = SIZE_MAX;

using Line = std::tuple<std::string, std::string, size_t>;  // place, verb, bytes

// A place of the code for a thread or warp, at most the 2^16th time.
uint64_t key(uint32_t place, int who, uint16_t time) {
  return uint64_t{place} << 32 | static_cast<uint64_t>(who) << 16 | time;
}

struct Instruction {
  uint32_t place;
  const char* verb;
  size_t bytes;
  std::array<size_t, kLanes> offsets;
};

struct Counts {
  bool counting = false;
  // Since the last barrier: by place, warp and time; and how often each thread was at each place.
  std::unordered_map<uint64_t, Instruction> instructions;
  std::unordered_map<uint64_t, uint16_t> times;
  // Ways by place, verb and bytes.
  std::map<std::tuple<uint32_t, const char*, size_t>, size_t> worst;
};

Counts counts;

size_t ways_of(const Instruction& instruction) {
  const size_t lanes_at_once = kLanes / std::max<size_t>(1, instruction.bytes / kBankBytes);
  size_t most = 0;
  for (size_t first = 0; first < kLanes; first += lanes_at_once) {
    std::array<size_t, kLanes> words;
    size_t count = 0;
    for (size_t lane = first; lane < first + lanes_at_once; lane++) {
      const size_t offset = instruction.offsets[lane];
      for (size_t i = 0; offset != kNowhere && i < instruction.bytes; i += kBankBytes) {
        words[count++] = (offset + i) / kBankBytes;
      }
    }
    std::sort(words.begin(), words.begin() + count);
    std::array<size_t, kBanks> asked{};
    for (size_t i = 0; i < count; i++) {
      if (i == 0 || words[i] != words[i - 1]) {
        most = std::max(most, ++asked[words[i] % kBanks]);
      }
    }
  }
  return most;
}

}  // namespace

void count_conflicts() { counts.counting = true; }

void count_access(int thread, const void* address, size_t bytes, const char* verb, uint32_t place) {
  const bool first_block = blockIdx.x == 0 && blockIdx.y == 0 && blockIdx.z == 0;
  const bool one_access = bytes <= kMostBytes && (bytes & (bytes - 1)) == 0;
  if (!counts.counting || !first_block || !one_access || !block_memory().holds(address, bytes)) {
    return;
  }
  const uint16_t time = counts.times[key(place, thread, 0)]++;
  Instruction& instruction = counts.instructions[key(place, thread / kLanes, time)];
  if (instruction.bytes == 0) {
    instruction = {place, verb, bytes, {}};
    instruction.offsets.fill(kNowhere);
  }
  instruction.offsets[static_cast<size_t>(thread % kLanes)] =
      static_cast<size_t>(static_cast<const unsigned char*>(address) - block_memory().data());
}

void count_barrier() {
  for (const auto& [where, instruction] : counts.instructions) {
    size_t& worst = counts.worst[{instruction.place, instruction.verb, instruction.bytes}];
    worst = std::max(worst, ways_of(instruction));
  }
  counts.instructions.clear();
  counts.times.clear();
}

std::string describe_conflicts() {
  std::map<Line, size_t> by_line;
  for (const auto& [where, ways] : counts.worst) {
    const auto& [place, verb, bytes] = where;
    size_t& worst = by_line[{line_of(place), verb, bytes}];
    worst = std::max(worst, ways);
  }
  std::string text;
  for (const auto& [line, ways] : by_line) {
    const auto& [place, verb, bytes] = line;
    text += place + " " + verb + " " + std::to_string(bytes) + " bytes: " + std::to_string(ways);
    text += "\n";
  }
  return text;
}

}  // namespace emulation
