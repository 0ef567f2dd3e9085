// SPDX-License-Identifier: Apache-2.0
#include "memory.h"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>

namespace emulation {
namespace {

constexpr unsigned char kPoison = 0xff;
constexpr unsigned char kCanary = 0xa5;

size_t page() {
  static const size_t bytes = static_cast<size_t>(sysconf(_SC_PAGESIZE));
  return bytes;
}

}  // namespace

GuardedMemory::GuardedMemory(size_t bytes, size_t alignment) : bytes_(bytes), shadow_(bytes) {
  const size_t rounded = (bytes + alignment - 1) / alignment * alignment;
  const size_t inner = std::max(page(), (rounded + page() - 1) / page() * page());
  mapped_ = inner + 2 * page();
  void* mapping =
      mmap(nullptr, mapped_, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (mapping == MAP_FAILED) {
    std::abort();
  }
  mapping_ = static_cast<unsigned char*>(mapping);
  mprotect(mapping_ + page(), inner, PROT_READ | PROT_WRITE);
  data_ = mapping_ + page() + inner - rounded;
  std::memset(mapping_ + page(), kCanary, inner);
  poison();
}

GuardedMemory::~GuardedMemory() { munmap(mapping_, mapped_); }

void GuardedMemory::poison() { std::memset(data_, kPoison, bytes_); }

bool GuardedMemory::intact() const {
  auto canary = [](unsigned char byte) { return byte == kCanary; };
  return std::all_of(mapping_ + page(), data_, canary) &&
         std::all_of(data_ + bytes_, mapping_ + mapped_ - page(), canary);
}

bool GuardedMemory::holds(const void* from, size_t bytes) const {
  const auto* first = static_cast<const unsigned char*>(from);
  return first >= data_ && first <= data_ + bytes_ &&
         bytes <= static_cast<size_t>(data_ + bytes_ - first);
}

std::string GuardedMemory::describe(const void* address) const {
  const auto* at = static_cast<const unsigned char*>(address);
  if (at < mapping_ || at >= mapping_ + mapped_) {
    return "";
  }
  return "byte " + std::to_string(at - data_) + " of " + std::to_string(bytes_);
}

uint64_t DeviceMemory::allocate(size_t bytes) {
  // Its address is known only once it is there: it is made under no address, then moved.
  auto node = allocations_.extract(allocations_.try_emplace(0, bytes, 16).first);
  const auto address = reinterpret_cast<uint64_t>(node.mapped().data());
  node.key() = address;
  allocations_.insert(std::move(node));
  return address;
}

bool DeviceMemory::release(uint64_t address) { return allocations_.erase(address) == 1; }

unsigned char* DeviceMemory::at(uint64_t address, size_t bytes) const {
  auto* pointer = reinterpret_cast<unsigned char*>(address);
  const GuardedMemory* memory = before(address);
  return memory != nullptr && memory->holds(pointer, bytes) ? pointer : nullptr;
}

const GuardedMemory* DeviceMemory::holding(const void* address) const {
  const GuardedMemory* memory = before(reinterpret_cast<uint64_t>(address));
  return memory != nullptr && memory->holds(address, 1) ? memory : nullptr;
}

const GuardedMemory* DeviceMemory::before(uint64_t address) const {
  auto behind = allocations_.upper_bound(address);
  return behind == allocations_.begin() ? nullptr : &std::prev(behind)->second;
}

void DeviceMemory::forget_accesses() const {
  for (const auto& [address, memory] : allocations_) {
    memory.shadow().forget();
  }
}

std::string DeviceMemory::damage() const {
  for (const auto& [address, memory] : allocations_) {
    if (!memory.intact()) {
      return "bytes beside a buffer of " + std::to_string(memory.size()) + " were overwritten";
    }
  }
  return "";
}

std::string DeviceMemory::describe(const void* address) const {
  for (const auto& [start, memory] : allocations_) {
    const std::string where = memory.describe(address);
    if (!where.empty()) {
      return where + " of a device buffer";
    }
  }
  return "";
}

}  // namespace emulation
