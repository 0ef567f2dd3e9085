// SPDX-License-Identifier: Apache-2.0
// The module: every kernel, in the order in which an encoder uses them.
#include "embed.cu"
#include "gemm_f16.cu"
#include "gemm_s8.cu"
#include "attention.cu"
#include "norm.cu"
#include "quantize.cu"
#include "pool.cu"
#include "head.cu"
#include "topk.cu"
