// SPDX-License-Identifier: Apache-2.0
// Places in the code, as numbers and as words. Programs of the emulation are linked to a fixed address,
// below 4 GB.
#pragma once

#include <cstdint>
#include <string>

namespace emulation {

// Of an address that a call returns to.
uint32_t place_of(const void* code);

// The source line, or that of whoever called where it is a helper of all kernels: by the program
// addr2line, which comes with g++; the address where there is none.
std::string line_of(uint32_t place);

}  // namespace emulation
