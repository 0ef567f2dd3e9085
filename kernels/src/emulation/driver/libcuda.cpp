// SPDX-License-Identifier: Apache-2.0
// libcuda.so.1 without a card, for tests of the launcher: devices, contexts, modules and memory.
// Calls that the launcher does not make are missing: JCuda binds each when it is first called.
#include "entry.h"

#include <cstdio>
#include <cstdlib>
#include <cstring>

using driver::Card;
using driver::Entry;
using driver::world;
using driver::World;

namespace {

constexpr uint32_t kFatBinaryMagic = 0xBA55ED50;
// Numbers of attributes.
constexpr int kMajor = 75, kMinor = 76, kMultiprocessors = 16, kClockKilohertz = 13;

thread_local CUcontext current = nullptr;

// What a block may ask for.
int most_shared_bytes(int capability) {
  switch (capability) {
    case 75:
      return 64 << 10;
    case 80:
      return 163 << 10;
    case 86:
    case 89:
      return 99 << 10;
    default:
      return 227 << 10;
  }
}

}  // namespace

namespace driver {
bool has_context() { return current != nullptr; }
}  // namespace driver

extern "C" {

CUresult cuInit(unsigned) {
  World& all = world();
  std::lock_guard<std::mutex> held(all.lock);
  all.initialized = all.faults.init == 0;
  return static_cast<CUresult>(all.faults.init);
}

CUresult cuDriverGetVersion(int* version) {
  *version = 13000;
  return kSuccess;
}

CUresult cuDeviceGetCount(int* count) {
  *count = world().faults.cards;
  return world().initialized ? kSuccess : kNotInitialized;
}

CUresult cuDeviceGet(CUdevice* device, int index) {
  *device = index;
  return index >= 0 && index < world().faults.cards ? kSuccess : kInvalidDevice;
}

CUresult cuDeviceGetName(char* name, int size, CUdevice) {
  std::snprintf(name, static_cast<size_t>(size), "Emulated card");
  return kSuccess;
}

CUresult cuDeviceTotalMem_v2(size_t* bytes, CUdevice) {
  *bytes = world().faults.memory;
  return kSuccess;
}

CUresult cuDeviceGetAttribute(int* value, int attribute, CUdevice) {
  const int capability = world().faults.capability;
  switch (attribute) {
    case kMajor:
      *value = capability / 10;
      return kSuccess;
    case kMinor:
      *value = capability % 10;
      return kSuccess;
    case kMultiprocessors:
      *value = 132;
      return kSuccess;
    case kClockKilohertz:
      *value = 1980000;
      return kSuccess;
    default:
      return kInvalidValue;
  }
}

CUresult cuDevicePrimaryCtxRetain(CUcontext* context, CUdevice) {
  World& all = world();
  std::lock_guard<std::mutex> held(all.lock);
  if (all.card == nullptr) {
    all.card = std::make_unique<Card>();
  }
  all.retained++;
  *context = &all.context;
  return kSuccess;
}

CUresult cuDevicePrimaryCtxRelease_v2(CUdevice) {
  World& all = world();
  std::lock_guard<std::mutex> held(all.lock);
  if (all.retained == 0) {
    return kInvalidContext;
  }
  // A broken context gives nothing back one by one.
  if (--all.retained == 0 && all.broken == kSuccess && !all.leaks().empty()) {
    std::fprintf(stderr, "emulated driver: never given back:%s\n", all.leaks().c_str());
  }
  return kSuccess;
}

CUresult cuCtxSetCurrent(CUcontext context) {
  current = context;
  return kSuccess;
}

CUresult cuCtxPushCurrent_v2(CUcontext context) {
  current = context;
  return kSuccess;
}

CUresult cuCtxPopCurrent_v2(CUcontext* context) {
  *context = current;
  current = nullptr;
  return kSuccess;
}

CUresult cuModuleLoadData(CUmodule* module, const void* image) {
  Entry entry;
  if (!entry.open()) {
    return entry.refusal();
  }
  if (entry->faults.module != 0) {
    return static_cast<CUresult>(entry->faults.module);
  }
  uint32_t magic;
  std::memcpy(&magic, image, sizeof magic);
  if (magic != kFatBinaryMagic) {
    return kInvalidImage;
  }
  *module = entry->modules.add(std::make_unique<Module>());
  return kSuccess;
}

CUresult cuModuleUnload(CUmodule module) {
  Entry entry;
  if (!entry.open()) {
    return entry.refusal();
  }
  return entry->modules.remove(module) ? kSuccess : kInvalidHandle;
}

CUresult cuModuleGetFunction(CUfunction* function, CUmodule module, const char* name) {
  Entry entry;
  if (!entry.open()) {
    return entry.refusal();
  }
  if (!entry->modules.has(module)) {
    return kInvalidHandle;
  }
  auto found = std::make_unique<Function>();
  found->name = name;
  if (!entry->card->find(name, found->kinds)) {
    return kNotFound;
  }
  *function = entry->functions.add(std::move(found));
  return kSuccess;
}

CUresult cuFuncSetAttribute(CUfunction function, int attribute, int value) {
  constexpr int kMaxDynamicSharedBytes = 8;
  Entry entry;
  if (!entry.open()) {
    return entry.refusal();
  }
  if (!entry->functions.has(function)) {
    return kInvalidHandle;
  }
  const int most = most_shared_bytes(entry->faults.capability);
  if (attribute != kMaxDynamicSharedBytes || value < 0 || value > most) {
    return kInvalidValue;
  }
  function->shared_bytes = value;
  return kSuccess;
}

CUresult cuMemGetInfo_v2(size_t* free, size_t* total) {
  Entry entry;
  if (!entry.open()) {
    return entry.refusal();
  }
  *total = entry->faults.memory;
  *free = entry->faults.memory - entry->used;
  return kSuccess;
}

CUresult cuMemAlloc_v2(CUdeviceptr* address, size_t bytes) {
  Entry entry;
  if (!entry.open()) {
    return entry.refusal();
  }
  if (bytes == 0) {
    return kInvalidValue;
  }
  if (entry->capturing()) {
    return kCaptureUnsupported;
  }
  if (entry->faults.allocate != 0) {
    return static_cast<CUresult>(entry->faults.allocate);
  }
  if (bytes > entry->faults.memory - entry->used) {
    return kOutOfMemory;
  }
  *address = entry->card->allocate(bytes);
  entry->buffers[*address] = bytes;
  entry->used += bytes;
  return kSuccess;
}

CUresult cuMemFree_v2(CUdeviceptr address) {
  Entry entry;
  if (!entry.open()) {
    return entry.refusal();
  }
  if (entry->run_all() != kSuccess) {
    return entry->broken;
  }
  auto buffer = entry->buffers.find(address);
  if (buffer == entry->buffers.end()) {
    return kInvalidValue;
  }
  entry->used -= buffer->second;
  entry->buffers.erase(buffer);
  return entry->card->release(address).empty() ? kSuccess : kInvalidValue;
}

CUresult cuMemHostAlloc(void** pointer, size_t bytes, unsigned) {
  Entry entry;
  if (!entry.open()) {
    return entry.refusal();
  }
  auto* memory = static_cast<char*>(std::malloc(bytes));
  std::memset(memory, 0xff, bytes);
  entry->pinned[memory] = bytes;
  *pointer = memory;
  return kSuccess;
}

CUresult cuMemFreeHost(void* pointer) {
  Entry entry;
  if (!entry.open()) {
    return entry.refusal();
  }
  if (entry->run_all() != kSuccess) {
    return entry->broken;
  }
  if (entry->pinned.erase(static_cast<char*>(pointer)) == 0) {
    return kInvalidValue;
  }
  std::free(pointer);
  return kSuccess;
}

}  // extern "C"
