// SPDX-License-Identifier: Apache-2.0
// Memory whose misuse is noticed: it ends at a page that may not be touched, has canaries in the
// slack around it, and begins as NaN (every byte 0xff), so that nothing uninitialised goes unseen.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>

namespace emulation {

class GuardedMemory {
 public:
  // Aligned to `alignment` (at most a page); the slack between its end and the guard page is then
  // smaller than that.
  GuardedMemory(size_t bytes, size_t alignment);
  ~GuardedMemory();
  GuardedMemory(const GuardedMemory&) = delete;
  GuardedMemory& operator=(const GuardedMemory&) = delete;

  unsigned char* data() const { return data_; }
  size_t size() const { return bytes_; }
  void poison();
  // Whether nobody wrote beside it.
  bool intact() const;
  bool holds(const void* from, size_t bytes) const;
  // For messages: where `address` lies relative to this memory; empty if nowhere near.
  std::string describe(const void* address) const;

 private:
  unsigned char* mapping_;
  size_t mapped_;
  unsigned char* data_;
  size_t bytes_;
};

// The card's memory: allocations by address.
class DeviceMemory {
 public:
  uint64_t allocate(size_t bytes);
  bool release(uint64_t address);
  // The bytes at that address, or null if they do not all belong to one allocation.
  unsigned char* at(uint64_t address, size_t bytes) const;
  // Empty, or what was overwritten beside which allocation.
  std::string damage() const;
  std::string describe(const void* address) const;

 private:
  std::map<uint64_t, GuardedMemory> allocations_;
};

}  // namespace emulation
