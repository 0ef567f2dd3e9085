// SPDX-License-Identifier: Apache-2.0
#include "races.h"

#include <array>
#include <string>

#include "banks.h"
#include "emulated_cuda.h"
#include "fiber.h"
#include "places.h"

namespace emulation {
namespace {

constexpr int kLanes = 32;

// Written at this time: a copy is on its way.
constexpr uint32_t kUnderWay = UINT32_MAX;
// Times and blocks begin anew long before they run out.
constexpr uint32_t kLatest = UINT32_MAX / 2;

// Time goes on at whatever orders anything, so what happened at one time is unordered, and what is
// ordered before the running thread is what happened before a time.
struct Clock {
  uint32_t now = 1;
  uint32_t block_ordered;
  std::array<uint32_t, kMostFibers / kLanes> warp_ordered;
  // By thread: its last fence, and its last one before the last barrier.
  std::array<uint32_t, kMostFibers> fenced;
  std::array<uint32_t, kMostFibers> fenced_before_barrier;
};

struct Watch {
  const DeviceMemory* device;
  const GuardedMemory* shared;
  const GuardedMemory* found;  // of the device, the last one that was accessed
  uint32_t first_block;        // of the launch; 0: nothing is watched
  uint32_t block;
  uint16_t thread;
};

Clock clock;
Watch watch;

struct Access {
  const GuardedMemory& memory;
  const void* address;
  size_t bytes;
  const char* verb;
  uint32_t place;
};

int warp_of(uint16_t thread) { return thread / kLanes; }

bool ordered(uint16_t thread, uint32_t when) {
  const int warp = warp_of(watch.thread);
  return when < clock.block_ordered ||
         (when != kUnderWay &&
          (thread == watch.thread ||
           (warp_of(thread) == warp && when < clock.warp_ordered[static_cast<size_t>(warp)])));
}

// Whether a block of this launch, but not this one, is meant.
bool of_another_block(uint32_t block) {
  return block >= watch.first_block && block != watch.block;
}

[[noreturn]] void conflict(const Access& access, const std::string& with) {
  const std::string message =
      std::string("a race: this thread ") + access.verb + " " + std::to_string(access.bytes) +
      " bytes at " + access.memory.describe(access.address) +
      (&access.memory == watch.shared ? " of shared memory (" : " of a buffer (") +
      line_of(access.place) + "), " + with;
  fail(message.c_str());
}

std::string name_of(uint16_t thread) { return "thread " + std::to_string(thread); }

void check_after_write(const Access& access, const Cell& cell) {
  if (cell.written_at == kUnderWay) {
    conflict(access, "where a copy of " + name_of(cell.writer) + " is under way (" +
                         line_of(cell.written_from) + ")");
  }
  if (of_another_block(cell.writing_block)) {
    conflict(access, "which another block wrote (" + line_of(cell.written_from) + ")");
  }
  if (!ordered(cell.writer, cell.written_at)) {
    conflict(access, "which " + name_of(cell.writer) + " wrote (" + line_of(cell.written_from) +
                         ") with nothing between that orders the two");
  }
}

void check_after_reads(const Access& access, const Cell& cell) {
  if (cell.products > 0) {
    conflict(access, "which a product under way reads");
  }
  if (of_another_block(cell.reading_block)) {
    conflict(access, "which another block read (" + line_of(cell.read_from) + ")");
  }
  for (const uint16_t reader : cell.readers) {
    if (!ordered(reader, cell.read_at)) {
      conflict(access, "which " + name_of(reader) + " read (" + line_of(cell.read_from) +
                           ") with nothing between that orders the two");
    }
  }
}

void remember_read(Cell& cell, uint32_t place) {
  if (cell.reading_block < watch.first_block) {
    cell.reading_block = watch.block;
  }
  const bool several_warps = warp_of(cell.readers[0]) != warp_of(cell.readers[1]);
  const bool all_before =
      cell.read_at < clock.block_ordered ||
      (!several_warps && ordered(cell.readers[0], cell.read_at) &&
       ordered(cell.readers[1], cell.read_at));
  if (all_before) {
    cell.readers[0] = cell.readers[1] = watch.thread;
  } else if (!several_warps && (warp_of(watch.thread) != warp_of(cell.readers[0]) ||
                                cell.readers[0] == cell.readers[1])) {
    cell.readers[1] = watch.thread;
  }
  cell.read_at = clock.now;
  cell.read_from = place;
}

void remember_write(Cell& cell, uint32_t when, uint32_t place) {
  cell.written_at = when;
  cell.written_from = place;
  cell.writing_block = watch.block;
  cell.writer = watch.thread;
  cell.read_at = 0;  // who is ordered behind this write is so behind the reads before it
}

bool on_a_stack(const void* address) {
  const auto* at = static_cast<const unsigned char*>(address);
  return at >= stack_of(0) && at < stack_of(0) + kMostFibers * kStackBytes;
}

const GuardedMemory* memory_at(const void* address) {
  if (watch.shared->holds(address, 1)) {
    return watch.shared;
  }
  if (on_a_stack(address)) {
    return nullptr;
  }
  if (watch.found == nullptr || !watch.found->holds(address, 1)) {
    const GuardedMemory* found = watch.device->holding(address);
    if (found == nullptr) {
      return nullptr;
    }
    watch.found = found;
  }
  return watch.found;
}

// Calls visit(access, cell) for what of these bytes is shared or the device's.
template <class VISIT>
void each_cell(const void* address, size_t bytes, const char* verb, uint32_t place, VISIT visit) {
  const GuardedMemory* memory = watch.first_block == 0 ? nullptr : memory_at(address);
  if (memory == nullptr) {
    return;
  }
  const Access access{*memory, address, bytes, verb, place};
  const auto offset =
      static_cast<size_t>(static_cast<const unsigned char*>(address) - memory->data());
  memory->shadow().each(offset, std::min(bytes, memory->size() - offset),
                        [&](Cell& cell) { visit(access, cell); });
}

}  // namespace

void watch_launch(const DeviceMemory& device, const GuardedMemory& shared) {
  if (clock.now > kLatest || watch.block > kLatest) {
    device.forget_accesses();
    clock.now = 1;
    watch.block = 0;
  }
  watch.device = &device;
  watch.shared = &shared;
  watch.found = nullptr;
  watch.first_block = watch.block + 1;
}

void watch_block() {
  watch.block++;
  watch.shared->shadow().forget();
  clock.block_ordered = ++clock.now;
  clock.warp_ordered.fill(0);
  clock.fenced.fill(0);
  clock.fenced_before_barrier.fill(0);
}

void watch_thread(int thread) { watch.thread = static_cast<uint16_t>(thread); }

void order_block() {
  clock.block_ordered = ++clock.now;
  clock.fenced_before_barrier = clock.fenced;
}

void order_warp() {
  clock.warp_ordered[static_cast<size_t>(warp_of(watch.thread))] = ++clock.now;
}

void fence_for_products() { clock.fenced[watch.thread] = ++clock.now; }

void watch_read(const void* address, size_t bytes, const void* code) {
  const uint32_t place = place_of(code);
  count_access(watch.thread, address, bytes, "reads", place);
  each_cell(address, bytes, "reads", place, [place](const Access& access, Cell& cell) {
    check_after_write(access, cell);
    remember_read(cell, place);
  });
}

void watch_write(const void* address, size_t bytes, const void* code) {
  const uint32_t place = place_of(code);
  count_access(watch.thread, address, bytes, "writes", place);
  each_cell(address, bytes, "writes", place, [place](const Access& access, Cell& cell) {
    check_after_write(access, cell);
    check_after_reads(access, cell);
    remember_write(cell, clock.now, place);
  });
}

void watch_copy_begun(const void* shared, size_t bytes, const void* code) {
  const uint32_t place = place_of(code);
  count_access(watch.thread, shared, bytes, "copies", place);
  each_cell(shared, bytes, "copies", place, [place](const Access& access, Cell& cell) {
    check_after_write(access, cell);
    check_after_reads(access, cell);
    remember_write(cell, kUnderWay, place);
  });
}

void watch_copy_done(const void* shared, size_t bytes) {
  each_cell(shared, bytes, "", 0, [](const Access&, Cell& cell) { cell.written_at = clock.now; });
}

void watch_product_begun(const void* shared, size_t bytes, const void* code) {
  const uint32_t place = place_of(code);
  each_cell(shared, bytes, "multiplies", place, [](const Access& access, Cell& cell) {
    check_after_write(access, cell);
    if (cell.writing_block == watch.block &&
        cell.written_at >= clock.fenced_before_barrier[cell.writer]) {
      conflict(access, "which " + name_of(cell.writer) + " wrote (" + line_of(cell.written_from) +
                           ") with no fence.proxy.async and barrier between");
    }
    cell.products++;
  });
}

void watch_product_done(const void* shared, size_t bytes, const void* code) {
  const uint32_t place = place_of(code);
  each_cell(shared, bytes, "multiplies", place, [place](const Access&, Cell& cell) {
    cell.products--;
    remember_read(cell, place);
  });
}

}  // namespace emulation
