// SPDX-License-Identifier: Apache-2.0
// Asynchronous copies (cp.async). The bytes land at the last moment, when their thread waits for them,
// and what lay there is gone at the first: a kernel that reads too early or overwrites too soon
// computes with NaN.
#include <algorithm>
#include <array>
#include <deque>
#include <vector>

#include "block.h"
#include "emulated_cuda.h"
#include "races.h"

namespace emulation {
namespace {

constexpr size_t kChunkBytes = 16;

struct Copy {
  void* shared;
  const void* global;  // null for zeros
  const void* code;
};

struct ThreadCopies {
  std::vector<Copy> open;
  std::deque<std::vector<Copy>> groups;
};

// By the thread's place in its block.
std::array<ThreadCopies, 1024> threads;

ThreadCopies& mine() {
  return threads[threadIdx.x + blockDim.x * (threadIdx.y + blockDim.y * threadIdx.z)];
}

}  // namespace

void begin_copy(void* shared, const void* global, const void* code) {
  watch_copy_begun(shared, kChunkBytes, code);
  if (global != nullptr) {
    watch_read(global, kChunkBytes, code);
  }
  std::memset(shared, 0xff, kChunkBytes);
  mine().open.push_back({shared, global, code});
}

void close_copy_group() {
  mine().groups.push_back(std::move(mine().open));
  mine().open.clear();
}

void finish_copies(int pending_groups) {
  ThreadCopies& self = mine();
  while (self.groups.size() > static_cast<size_t>(pending_groups)) {
    for (const Copy& copy : self.groups.front()) {
      if (copy.global == nullptr) {
        std::memset(copy.shared, 0, kChunkBytes);
      } else {
        watch_read(copy.global, kChunkBytes, copy.code);
        std::memcpy(copy.shared, copy.global, kChunkBytes);
      }
      watch_copy_done(copy.shared, kChunkBytes);
    }
    self.groups.pop_front();
  }
}

bool copies_under_way() {
  const ThreadCopies& self = mine();
  return !self.open.empty() || std::any_of(self.groups.begin(), self.groups.end(),
                                           [](const auto& group) { return !group.empty(); });
}

void forget_copies() {
  for (ThreadCopies& thread : threads) {
    thread.open.clear();
    thread.groups.clear();
  }
}

}  // namespace emulation
