// SPDX-License-Identifier: Apache-2.0
#include "numbers.h"

#include <array>
#include <cmath>
#include <cstring>

namespace emulation {
namespace {

float decode(unsigned half) {
  const int exponent = static_cast<int>(half >> 10 & 31);
  const auto mantissa = static_cast<float>(half & 1023);
  float magnitude;
  if (exponent == 0) {
    magnitude = std::ldexp(mantissa, -24);
  } else if (exponent == 31) {
    magnitude = mantissa == 0 ? INFINITY : NAN;
  } else {
    magnitude = std::ldexp(mantissa + 1024, exponent - 25);
  }
  return (half & 0x8000) != 0 ? -magnitude : magnitude;
}

// Every half there is: decoding them one by one would be most of the emulation's time.
const std::array<float, 65536> kHalves = [] {
  std::array<float, 65536> values;
  for (unsigned i = 0; i < values.size(); i++) {
    values[i] = decode(i);
  }
  return values;
}();

}  // namespace

float half_to_float(uint16_t half) { return kHalves[half]; }

uint16_t float_to_half(float value) {
  const auto sign = static_cast<uint16_t>(std::signbit(value) ? 0x8000 : 0);
  const float magnitude = std::fabs(value);
  if (std::isnan(value)) {
    return 0x7fff;
  }
  if (magnitude == 0) {
    return sign;
  }
  if (magnitude >= 65520.0f) {
    return sign | 0x7c00;
  }
  int exponent;
  std::frexp(magnitude, &exponent);  // magnitude < 2^exponent
  // The unit in the last place of a half of that size: 2^(exponent - 11), not below 2^-24.
  const int unit = exponent - 11 > -24 ? exponent - 11 : -24;
  const auto steps = static_cast<unsigned>(std::nearbyint(std::ldexp(magnitude, -unit)));
  // Subnormal halves count steps alone; a normal one has 1024 steps less and its exponent. A carry
  // out of the mantissa raises the exponent by itself.
  return static_cast<uint16_t>(sign | (static_cast<unsigned>(unit + 24) * 1024 + steps));
}

}  // namespace emulation
