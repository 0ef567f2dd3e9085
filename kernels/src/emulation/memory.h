// SPDX-License-Identifier: Apache-2.0
// Memory whose misuse is noticed: it ends at a page that may not be touched, has canaries in the
// slack around it, and begins as NaN (every byte 0xff), so that nothing uninitialised goes unseen.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>

#include "shadow.h"

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
  // Who touched it; watching changes nothing.
  Shadow& shadow() const { return shadow_; }

 private:
  unsigned char* mapping_;
  size_t mapped_;
  unsigned char* data_;
  size_t bytes_;
  mutable Shadow shadow_;
};

// The card's memory: allocations by address.
class DeviceMemory {
 public:
  uint64_t allocate(size_t bytes);
  bool release(uint64_t address);
  // The bytes at that address, or null if they do not all belong to one allocation.
  unsigned char* at(uint64_t address, size_t bytes) const;
  // The allocation that this byte belongs to, or null.
  const GuardedMemory* holding(const void* address) const;
  void forget_accesses() const;
  // Empty, or what was overwritten beside which allocation.
  std::string damage() const;
  std::string describe(const void* address) const;

 private:
  // The last allocation that begins there or before.
  const GuardedMemory* before(uint64_t address) const;

  std::map<uint64_t, GuardedMemory> allocations_;
};

}  // namespace emulation
