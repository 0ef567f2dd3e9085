// SPDX-License-Identifier: Apache-2.0
// The card: a process of emulate.cpp beside this one. Device addresses mean something there alone, so
// a host that follows one fails as it would with a real card, and a kernel's fault hurts nobody else.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace driver {

struct Argument {
  char kind;
  uint64_t bits;
};

struct Launch {
  std::string kernel;
  int32_t grid[3];
  int32_t block[3];
  int32_t shared_bytes;
  std::vector<Argument> arguments;
};

// One thread at a time. Where a call returns a text, it is empty or says what went wrong.
class Card {
 public:
  // The program `emulate-80` beside this library.
  Card();
  uint64_t allocate(uint64_t bytes);
  std::string release(uint64_t address);
  std::string write(uint64_t address, const void* from, uint64_t count);
  std::string read(uint64_t address, void* to, uint64_t count);
  std::string launch(const Launch& launch);
  // The kinds of the kernel's parameters; false where there is no such kernel.
  bool find(const std::string& kernel, std::string& kinds);

 private:
  std::string answer();

  int commands_;
  int answers_;
};

}  // namespace driver
