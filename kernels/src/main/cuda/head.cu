// SPDX-License-Identifier: Apache-2.0
// What stands on an encoder: a product that has one row per sequence,
// out[B, N] = activate(x[B, K] w[N, K]^T + bias[N]), floats but for tokens and weights.
//
// So few rows give a matrix unit nothing to do: a warp holds its row and takes one output channel
// after the other, each a sum over the warp in the order that K gives. blockIdx.x is the sequence.
#include "finish.cuh"
#include "row.cuh"

// As the launcher numbers them.
enum Activation { kIdentity = 0, kTanh = 1, kRelu = 2, kErfGelu = 3 };

constexpr int kHeadThreads = 4 * kWarp;
constexpr int kChannelsPerWarp = 8;

__device__ __forceinline__ float activate(float x, int activation) {
  switch (activation) {
    case kTanh: return tanhf(x);
    case kRelu: return fmaxf(x, 0.0f);
    case kErfGelu: return gelu(x);
    default: return x;
  }
}

template <class ELEMENT>
__device__ __forceinline__ void head(const ELEMENT* x, const Half* w, const float* bias, int n,
                                     int k, int activation, float* out) {
  Row<kWarp> row;
  row.clear();
  row.add(x, k);
  const int first = (blockIdx.y * (kHeadThreads / kWarp) + warp_index()) * kChannelsPerWarp;
  const int behind = min(first + kChannelsPerWarp, n);
  for (int channel = first; channel < behind; channel++) {
    const Half* weights = w + static_cast<int64_t>(channel) * k;
    float sum = 0.0f;
    row.each(k, [&](int column, float (&mine)[8]) {
      float theirs[8];
      load8(weights + column, theirs);
#pragma unroll
      for (int i = 0; i < 8; i++) {
        sum += mine[i] * theirs[i];
      }
    });
    sum = sum_over<kWarp>(sum);
    if (lane_index() == 0) {
      out[channel] = activate(sum + bias[channel], activation);
    }
  }
}

// x are the first tokens of the sequences.
extern "C" __global__ void __launch_bounds__(kHeadThreads)
    sluice_head_first(const BatchShape* shape, const int32_t* starts, const Half* tokens,
                      const Half* w, const float* bias, int n, int k, int activation, float* out) {
  const int sequence = blockIdx.x;
  if (sequence < shape->sequences) {
    head(tokens + static_cast<int64_t>(starts[sequence]) * k, w, bias, n, k, activation,
         out + static_cast<int64_t>(sequence) * n);
  }
}

// x are rows [B, K] as another of these products gave them.
extern "C" __global__ void __launch_bounds__(kHeadThreads)
    sluice_head_rows(const BatchShape* shape, const float* rows, const Half* w, const float* bias,
                     int n, int k, int activation, float* out) {
  const int sequence = blockIdx.x;
  if (sequence < shape->sequences) {
    head(rows + static_cast<int64_t>(sequence) * k, w, bias, n, k, activation,
         out + static_cast<int64_t>(sequence) * n);
  }
}
