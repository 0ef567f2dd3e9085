// SPDX-License-Identifier: Apache-2.0
#include "block.h"

#include <csetjmp>
#include <cstring>
#include <memory>
#include <optional>
#include <vector>

#include "banks.h"
#include "emulated_cuda.h"
#include "fiber.h"
#include "races.h"

Index3 threadIdx, blockIdx, blockDim, gridDim;

namespace emulation {
namespace {

constexpr int kLanes = 32;

enum class State { kReady, kWaitsForWarp, kWaitsForBlock, kLeft };

struct Thread {
  Fiber fiber;
  Index3 index;
  State state;
  Place place;
  void* operands;
};

struct Warp {
  Thread* lanes;
  int arrived;  // at the instruction that stands at `place`
  Place place;
};

struct Launch {
  const DeviceMemory* device;
  const Kernel* kernel;
  const Argument* arguments;
  std::optional<GuardedMemory> shared;
  std::unique_ptr<Thread[]> threads;
  int count;
  std::vector<Warp> warps;
  Order order;
  Thread* running;
  Fiber scheduler;
  sigjmp_buf out;
  std::string error;
};

Launch launch;

std::string text(const Place& place) {
  const char* slash = std::strrchr(place.file, '/');
  return std::string(place.what) + " (" + (slash == nullptr ? place.file : slash + 1) + ":" +
         std::to_string(place.line) + ")";
}

std::string text(const Index3& index) {
  return "(" + std::to_string(index.x) + ", " + std::to_string(index.y) + ", " +
         std::to_string(index.z) + ")";
}

void run_thread() {
  launch.kernel->call(launch.arguments);
  if (copies_under_way()) {
    fail("the thread leaves with copies under way");
  }
  if (products_under_way()) {
    fail("the thread leaves with products under way");
  }
  launch.running->state = State::kLeft;
  launch.running->fiber.switch_to(launch.scheduler);
  std::abort();
}

void resume(Thread& thread) {
  launch.running = &thread;
  threadIdx = thread.index;
  watch_thread(static_cast<int>(&thread - launch.threads.get()));
  launch.scheduler.switch_to(thread.fiber);
}

void wait(State state, const Place& place) {
  Thread& self = *launch.running;
  self.state = state;
  self.place = place;
  self.fiber.switch_to(launch.scheduler);
}

// The i-th of `count` in the launch's order.
int ordered(int i, int count) { return launch.order == Order::kForward ? i : count - 1 - i; }

void run_warp(Warp& warp) {
  for (bool progress = true; progress;) {
    progress = false;
    for (int i = 0; i < kLanes; i++) {
      Thread& lane = warp.lanes[ordered(i, kLanes)];
      if (lane.state == State::kReady) {
        resume(lane);
        progress = true;
      }
    }
  }
  for (int i = 0; i < kLanes; i++) {
    Thread& lane = warp.lanes[i];
    if (lane.state == State::kWaitsForWarp) {
      launch.running = &lane;
      const std::string message =
          "lanes diverge: this one waits for its warp at " + text(lane.place);
      fail(message.c_str());
    }
  }
}

// Opens the barrier at which all threads stand. False once all have left.
bool open_barrier() {
  const Thread& first = launch.threads[0];
  for (int i = 0; i < launch.count; i++) {
    Thread& thread = launch.threads[i];
    const bool together =
        thread.state == first.state &&
        (thread.state == State::kLeft || (thread.place.line == first.place.line &&
                                          std::strcmp(thread.place.file, first.place.file) == 0));
    if (!together) {
      launch.running = &thread;
      auto where = [](const Thread& t) {
        return t.state == State::kLeft ? std::string("has left") : "waits at " + text(t.place);
      };
      const std::string message =
          "threads diverge: this one " + where(thread) + ", the first one " + where(first);
      fail(message.c_str());
    }
  }
  count_barrier();
  check_warpgroups();
  if (first.state == State::kLeft) {
    return false;
  }
  for (int i = 0; i < launch.count; i++) {
    launch.threads[i].state = State::kReady;
  }
  order_block();
  return true;
}

void run_block() {
  launch.shared->poison();
  forget_copies();
  forget_products();
  watch_block();
  for (int i = 0; i < launch.count; i++) {
    Thread& thread = launch.threads[i];
    const auto at = static_cast<unsigned>(i);
    thread.index = {at % blockDim.x, at / blockDim.x % blockDim.y, at / blockDim.x / blockDim.y};
    thread.state = State::kReady;
    thread.fiber.prepare(stack_of(i), kStackBytes, run_thread);
  }
  const int warps = launch.count / kLanes;
  launch.warps.clear();
  for (int i = 0; i < warps; i++) {
    launch.warps.push_back({&launch.threads[i * kLanes], 0, {}});
  }
  do {
    for (int i = 0; i < warps; i++) {
      run_warp(launch.warps[ordered(i, warps)]);
    }
  } while (open_barrier());
  if (!launch.shared->intact()) {
    fail("bytes beside the block's shared memory were overwritten");
  }
}

void run_grid() {
  for (blockIdx.z = 0; blockIdx.z < gridDim.z; blockIdx.z++) {
    for (blockIdx.y = 0; blockIdx.y < gridDim.y; blockIdx.y++) {
      for (blockIdx.x = 0; blockIdx.x < gridDim.x; blockIdx.x++) {
        run_block();
      }
    }
  }
}

// Alone in its function: what the jump passes over must not hold variables of this one.
void run_grid_or_fail() {
  if (sigsetjmp(launch.out, 1) == 0) {
    run_grid();
  }
}

int threads_of(const Size3& block) {
  const int64_t threads = int64_t{block.x} * block.y * block.z;
  const bool whole_warps = block.x > 0 && block.y > 0 && threads % kLanes == 0;
  return whole_warps && threads <= kMostFibers ? static_cast<int>(threads) : 0;
}

Index3 index_of(const Size3& size) {
  return {static_cast<unsigned>(size.x), static_cast<unsigned>(size.y),
          static_cast<unsigned>(size.z)};
}

// Empty, or why this cannot be launched at all.
std::string check(const Kernel* kernel, const LaunchConfiguration& configuration,
                  const std::vector<Argument>& arguments) {
  if (kernel == nullptr) {
    return "there is no such kernel";
  }
  std::string kinds;
  for (const Argument& argument : arguments) {
    kinds += argument.kind;
  }
  if (kinds != kernel->kinds) {
    return "arguments of kinds " + kinds + " for parameters of kinds " + kernel->kinds;
  }
  if (threads_of(configuration.block) <= 0) {
    return "a block must be 1 to 32 whole warps";
  }
  const Size3& grid = configuration.grid;
  if (grid.x <= 0 || grid.y <= 0 || grid.y > 65535 || grid.z <= 0 || grid.z > 65535) {
    return "a grid that no card takes";
  }
  return "";
}

}  // namespace

void fail(const char* message) {
  launch.error = std::string(message) + "; block " + text(blockIdx) + ", thread " +
                 text(launch.running->index);
  // Out of the fiber; what its stack holds is abandoned (kernels own nothing).
  siglongjmp(launch.out, 1);
}

void wait_for_block(const Place& place) { wait(State::kWaitsForBlock, place); }

void with_warp(const Place& place, void* operands, void (*perform)(void* const (&)[kLanes])) {
  Thread& self = *launch.running;
  self.operands = operands;
  Warp& warp = launch.warps[(&self - launch.threads.get()) / kLanes];
  if (warp.arrived == 0) {
    warp.place = place;
  } else if (warp.place.line != place.line || warp.place.what != place.what) {
    const std::string message =
        "lanes diverge: this one is at " + text(place) + ", others at " + text(warp.place);
    fail(message.c_str());
  }
  if (++warp.arrived < kLanes) {
    wait(State::kWaitsForWarp, place);
    return;
  }
  void* all[kLanes];
  for (int i = 0; i < kLanes; i++) {
    all[i] = warp.lanes[i].operands;
    warp.lanes[i].state = State::kReady;
  }
  warp.arrived = 0;
  perform(all);
}

std::string describe_address(const void* address) {
  const std::string device = launch.device->describe(address);
  const std::string shared = launch.shared->describe(address);
  if (device.empty() && shared.empty()) {
    return "far from any buffer";
  }
  return device.empty() ? "at " + shared + " of shared memory" : "at " + device;
}

GuardedMemory& block_memory() { return *launch.shared; }

std::string run_launch(const LaunchConfiguration& configuration, const DeviceMemory& memory,
                       const std::string& kernel, const std::vector<Argument>& arguments) {
  launch.kernel = find_kernel(kernel.c_str());
  std::string error = check(launch.kernel, configuration, arguments);
  if (!error.empty()) {
    return error;
  }
  launch.device = &memory;
  launch.arguments = arguments.data();
  launch.shared.emplace(static_cast<size_t>(configuration.shared_bytes), 16);
  launch.count = threads_of(configuration.block);
  launch.threads = std::make_unique<Thread[]>(static_cast<size_t>(launch.count));
  launch.order = configuration.order;
  launch.running = &launch.threads[0];
  blockDim = index_of(configuration.block);
  gridDim = index_of(configuration.grid);
  blockIdx = {0, 0, 0};
  launch.error.clear();
  watch_launch(memory, *launch.shared);
  catch_signals();
  run_grid_or_fail();
  return launch.error.empty() ? memory.damage() : launch.error;
}

}  // namespace emulation
