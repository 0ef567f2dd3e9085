// SPDX-License-Identifier: Apache-2.0
// A row of a matrix spread over a group of threads, eight values at a time, and what can be asked of
// it. The group is one warp, or a block of several; every sum is taken in one order that depends on
// the row's length alone.
#pragma once

#include "device.cuh"

// Eight elements as floats; the address is a multiple of 8 elements.
__device__ __forceinline__ void load8(const Half* from, float (&to)[8]) {
  unpack(load8(from), to);
}
__device__ __forceinline__ void load8(const float* from, float (&to)[8]) {
#pragma unroll
  for (int i = 0; i < 8; i += 4) {
    const float4 four = *reinterpret_cast<const float4*>(from + i);
    to[i] = four.x;
    to[i + 1] = four.y;
    to[i + 2] = four.z;
    to[i + 3] = four.w;
  }
}
__device__ __forceinline__ void load8(const int8_t* from, float (&to)[8]) {
  const uint2 words = *reinterpret_cast<const uint2*>(from);
#pragma unroll
  for (int i = 0; i < 4; i++) {
    to[i] = static_cast<float>(static_cast<int8_t>(words.x >> (8 * i)));
    to[i + 4] = static_cast<float>(static_cast<int8_t>(words.y >> (8 * i)));
  }
}

// As two vectors: lanes lie 32 bytes apart, so single floats would meet in four banks of 32.
__device__ __forceinline__ void store8(float* to, const float (&from)[8]) {
#pragma unroll
  for (int i = 0; i < 8; i += 4) {
    const float4 four{from[i], from[i + 1], from[i + 2], from[i + 3]};
    *reinterpret_cast<float4*>(to + i) = four;
  }
}

// Sum and maximum over a group; every thread of it gets the result. A group larger than a warp is
// the whole block and needs `scratch`, one float per warp.
template <int THREADS, class COMBINE>
__device__ __forceinline__ float over_group(float value, float* scratch, COMBINE combine) {
#pragma unroll
  for (int distance = kWarp / 2; distance > 0; distance /= 2) {
    value = combine(value, __shfl_xor_sync(kWholeWarp, value, distance));
  }
  if (THREADS > kWarp) {
    __syncthreads();  // scratch may still be read from the last time
    if (lane_index() == 0) {
      scratch[warp_index()] = value;
    }
    __syncthreads();
    value = scratch[0];
#pragma unroll
    for (int warp = 1; warp < THREADS / kWarp; warp++) {
      value = combine(value, scratch[warp]);
    }
  }
  return value;
}

template <int THREADS>
__device__ __forceinline__ float sum_over(float value, float* scratch = nullptr) {
  return over_group<THREADS>(value, scratch, [](float a, float b) { return a + b; });
}

template <int THREADS>
__device__ __forceinline__ float max_over(float value, float* scratch = nullptr) {
  return over_group<THREADS>(value, scratch, [](float a, float b) { return fmaxf(a, b); });
}

// Up to THREADS * 32 values, a multiple of 8; thread t of the group holds columns 8t to 8t+7, and
// those THREADS * 8 further on. What lies behind the row's end is 0.
template <int THREADS>
struct Row {
  static constexpr int kVectors = 4;
  static constexpr int kMostColumns = THREADS * kVectors * 8;

  float values[kVectors][8];

  __device__ __forceinline__ static int column(int vector) {
    return (threadIdx.x % THREADS + vector * THREADS) * 8;
  }

  // Calls visit(column, values of that vector) for the vectors that exist.
  template <class VISIT>
  __device__ __forceinline__ void each(int columns, VISIT visit) {
#pragma unroll
    for (int vector = 0; vector < kVectors; vector++) {
      if (column(vector) < columns) {
        visit(column(vector), values[vector]);
      }
    }
  }

  __device__ __forceinline__ void clear() {
#pragma unroll
    for (int vector = 0; vector < kVectors; vector++) {
#pragma unroll
      for (int i = 0; i < 8; i++) {
        values[vector][i] = 0.0f;
      }
    }
  }

  template <class ELEMENT>
  __device__ __forceinline__ void add(const ELEMENT* row, int columns) {
    each(columns, [&](int column, float (&mine)[8]) {
      float more[8];
      load8(row + column, more);
#pragma unroll
      for (int i = 0; i < 8; i++) {
        mine[i] += more[i];
      }
    });
  }

  // Channel by channel.
  __device__ __forceinline__ void multiply(const float* factors, int columns) {
    each(columns, [&](int column, float (&mine)[8]) {
      float more[8];
      load8(factors + column, more);
#pragma unroll
      for (int i = 0; i < 8; i++) {
        mine[i] *= more[i];
      }
    });
  }

  // Rounds every value to the half that `store` will write.
  __device__ __forceinline__ void round_to_halves(int columns) {
    each(columns, [](int, float (&mine)[8]) { unpack(pack(mine), mine); });
  }

  __device__ __forceinline__ void store(Half* row, int columns) {
    each(columns, [&](int column, float (&mine)[8]) { store8(row + column, pack(mine)); });
  }

  // Subtracts the mean and divides by the deviation (two passes over registers: no cancellation),
  // then applies gain and shift. Warps only.
  __device__ __forceinline__ void normalize(const float* gain, const float* shift, float epsilon,
                                            int columns) {
    float sum = 0.0f;
    each(columns, [&](int, float (&mine)[8]) {
#pragma unroll
      for (int i = 0; i < 8; i++) {
        sum += mine[i];
      }
    });
    const float mean = sum_over<THREADS>(sum) / columns;
    float squares = 0.0f;
    each(columns, [&](int, float (&mine)[8]) {
#pragma unroll
      for (int i = 0; i < 8; i++) {
        mine[i] -= mean;
        squares += mine[i] * mine[i];
      }
    });
    const float inverse = rsqrtf(sum_over<THREADS>(squares) / columns + epsilon);
    each(columns, [&](int column, float (&mine)[8]) {
      float gains[8];
      float shifts[8];
      load8(gain + column, gains);
      load8(shift + column, shifts);
#pragma unroll
      for (int i = 0; i < 8; i++) {
        mine[i] = mine[i] * inverse * gains[i] + shifts[i];
      }
    });
  }

  // Symmetric quantization with the row's own scale: value = byte * scale. The largest magnitude
  // becomes 127; a row of zeros has scale 0. The group holds the whole row, so its maximum costs
  // one reduction: no atomics, no second pass, no other row.
  __device__ __forceinline__ void quantize(int8_t* bytes, float* scale, int columns,
                                           float* scratch = nullptr) {
    float largest = 0.0f;
    each(columns, [&](int, float (&mine)[8]) {
#pragma unroll
      for (int i = 0; i < 8; i++) {
        largest = fmaxf(largest, fabsf(mine[i]));
      }
    });
    largest = max_over<THREADS>(largest, scratch);
    const float inverse = largest > 0.0f ? 127.0f / largest : 0.0f;
    each(columns, [&](int column, float (&mine)[8]) {
      alignas(8) int8_t packed[8];
#pragma unroll
      for (int i = 0; i < 8; i++) {
        packed[i] = static_cast<int8_t>(__float2int_rn(mine[i] * inverse));
      }
      *reinterpret_cast<uint2*>(bytes + column) = *reinterpret_cast<const uint2*>(packed);
    });
    if (threadIdx.x % THREADS == 0) {
      *scale = largest / 127.0f;
    }
  }
};

// What leaves a LayerNorm: halves, and where `bytes` is not null the same halves quantized for the
// product that comes next. Where `factors` is not null each channel is multiplied by its own before
// that: the product's weights are divided by it, the residual is left alone.
struct NormOutput {
  Half* halves;
  const float* factors;
  int8_t* bytes;
  float* scales;
};

__device__ __forceinline__ void write_row(Row<kWarp>& row, const NormOutput& output, int token,
                                          int columns) {
  const int64_t at = static_cast<int64_t>(token) * columns;
  row.round_to_halves(columns);
  row.store(output.halves + at, columns);
  if (output.bytes != nullptr) {
    if (output.factors != nullptr) {
      row.multiply(output.factors, columns);
    }
    row.quantize(output.bytes + at, output.scales + token, columns);
  }
}
