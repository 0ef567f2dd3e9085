// SPDX-License-Identifier: Apache-2.0
// A sequence's token vectors to its embedding, one block per sequence: pooled, cut to `dims`, scaled
// to length 1, and written as floats, bytes with a scale, or bits, whichever pointers are not null.
//
// Only B * dims numbers leave the card instead of T * H. Each of eight warps sums every eighth token;
// the eight sums are added in their order, so an embedding depends on its own tokens alone.
#include "row.cuh"

// As the launcher numbers them.
enum Pooling { kMean = 0, kFirstToken = 1, kLastToken = 2 };

constexpr int kPoolThreads = 8 * kWarp;

struct PoolOutput {
  float* floats;        // [B, dims]
  int8_t* bytes;        // [B, dims]; value = byte * scale
  float* scales;        // [B]
  uint8_t* bits;        // [B, ceil(dims / 8)]; a set bit is a value above 0, the highest bit first
};

// pooled[0..dims) is complete and seen by all threads.
__device__ __forceinline__ void write_embedding(const PoolOutput& output, const float* pooled,
                                                float* scratch, int sequence, int dims) {
  const int64_t at = static_cast<int64_t>(sequence) * dims;
  if (output.floats != nullptr) {
    for (int i = threadIdx.x; i < dims; i += kPoolThreads) {
      output.floats[at + i] = pooled[i];
    }
  }
  if (output.bytes != nullptr) {
    float largest = 0.0f;
    for (int i = threadIdx.x; i < dims; i += kPoolThreads) {
      largest = fmaxf(largest, fabsf(pooled[i]));
    }
    largest = max_over<kPoolThreads>(largest, scratch);
    const float inverse = largest > 0.0f ? 127.0f / largest : 0.0f;
    for (int i = threadIdx.x; i < dims; i += kPoolThreads) {
      output.bytes[at + i] = static_cast<int8_t>(__float2int_rn(pooled[i] * inverse));
    }
    if (threadIdx.x == 0) {
      output.scales[sequence] = largest / 127.0f;
    }
  }
  if (output.bits != nullptr) {
    const int row_bytes = (dims + 7) / 8;
    for (int i = threadIdx.x; i < row_bytes; i += kPoolThreads) {
      float values[8];  // behind the last dimension lie others: a row is a multiple of 8
      load8(pooled + i * 8, values);
      int byte = 0;
#pragma unroll
      for (int bit = 0; bit < 8; bit++) {
        byte |= i * 8 + bit < dims && values[bit] > 0.0f ? 0x80 >> bit : 0;
      }
      output.bits[static_cast<int64_t>(sequence) * row_bytes + i] = static_cast<uint8_t>(byte);
    }
  }
}

extern "C" __global__ void __launch_bounds__(kPoolThreads)
    sluice_pool(const BatchShape* shape, const int32_t* starts, const Half* tokens, int hidden,
                int dims, int pooling, int normalize, float* floats, int8_t* bytes, float* scales,
                uint8_t* bits) {
  const int sequence = blockIdx.x;
  if (sequence >= shape->sequences) {
    return;
  }
  const int begin = starts[sequence];
  const int end = starts[sequence + 1];
  const int first = pooling == kLastToken ? end - 1 : begin;
  const int behind = pooling == kFirstToken ? begin + 1 : end;

  // One float per warp, then each warp's sums; the first warp's row becomes the result.
  float* scratch = reinterpret_cast<float*>(shared_memory());
  float* sums = scratch + kPoolThreads / kWarp;
  Row<kWarp> row;
  row.clear();
#pragma unroll 4
  for (int token = first + warp_index(); token < behind; token += kPoolThreads / kWarp) {
    row.add(tokens + static_cast<int64_t>(token) * hidden, hidden);
  }
  row.each(hidden, [&](int column, float (&mine)[8]) {
    store8(sums + warp_index() * hidden + column, mine);
  });
  __syncthreads();

  float squares = 0.0f;
  for (int i = threadIdx.x; i < dims; i += kPoolThreads) {
    float sum = sums[i];
    for (int warp = 1; warp < kPoolThreads / kWarp; warp++) {
      sum += sums[warp * hidden + i];
    }
    sums[i] = sum / (behind - first);
    squares += sums[i] * sums[i];
  }
  const float length = sqrtf(sum_over<kPoolThreads>(squares, scratch));
  const float divisor = normalize != 0 ? fmaxf(length, 1e-12f) : 1.0f;
  for (int i = threadIdx.x; i < dims; i += kPoolThreads) {
    sums[i] /= divisor;
  }
  __syncthreads();
  write_embedding(PoolOutput{floats, bytes, scales, bits}, sums, scratch, sequence, dims);
}
