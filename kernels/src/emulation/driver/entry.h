// SPDX-License-Identifier: Apache-2.0
// How a call of the API begins.
#pragma once

#include "world.h"

namespace driver {

// Whether the calling thread has a current context.
bool has_context();

// Holds the lock for one call, which may go on if it is open(); otherwise refusal() says why not.
class Entry {
 public:
  Entry() : held_(world().lock) {}
  bool open() const { return refusal() == kSuccess; }
  CUresult refusal() const {
    if (!world().initialized) {
      return kNotInitialized;
    }
    return has_context() ? world().broken : kInvalidContext;
  }
  World* operator->() const { return &world(); }

 private:
  std::lock_guard<std::mutex> held_;
};

}  // namespace driver
