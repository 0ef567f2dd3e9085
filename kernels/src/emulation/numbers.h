// SPDX-License-Identifier: Apache-2.0
// IEEE 754 halves, by arithmetic.
#pragma once

#include <cstdint>

namespace emulation {

float half_to_float(uint16_t half);
// To nearest even; too large is infinite.
uint16_t float_to_half(float value);

}  // namespace emulation
