// SPDX-License-Identifier: Apache-2.0
// out[T, H] = LayerNorm(words[id] + positions[position] + types[type]), one warp per token.
//
// Indices are clamped into their tables: a wrong id gives a wrong vector, never a device fault.
#include "row.cuh"

struct Table {
  const Half* rows;
  int count;

  __device__ __forceinline__ const Half* row(int index, int columns) const {
    const int clamped = min(max(index, 0), count - 1);
    return rows + static_cast<int64_t>(clamped) * columns;
  }
};

extern "C" __global__ void __launch_bounds__(128)
    sluice_embed(const BatchShape* shape, const int32_t* ids, const int32_t* positions,
                 const int32_t* types, const Half* word_rows, int word_count,
                 const Half* position_rows, int position_count, const Half* type_rows,
                 int type_count, const float* gain, const float* shift, float epsilon, int hidden,
                 Half* out, const float* factors, int8_t* bytes, float* scales) {
  const int token = blockIdx.x * (blockDim.x / kWarp) + warp_index();
  if (token >= shape->tokens) {
    return;
  }
  Row<kWarp> row;
  row.clear();
  row.add(Table{word_rows, word_count}.row(ids[token], hidden), hidden);
  row.add(Table{position_rows, position_count}.row(positions[token], hidden), hidden);
  if (type_rows != nullptr) {
    const int type = types == nullptr ? 0 : types[token];
    row.add(Table{type_rows, type_count}.row(type, hidden), hidden);
  }
  row.normalize(gain, shift, epsilon, hidden);
  write_row(row, NormOutput{out, factors, bytes, scales}, token, hidden);
}
