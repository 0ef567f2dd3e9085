// SPDX-License-Identifier: Apache-2.0
#include "kernels.h"

#include <cstring>
#include <type_traits>
#include <utility>

#include "faults.cu"
#include "races.cu"
#include "sluice.cu"

namespace emulation {
namespace {

template <class PARAMETER>
constexpr char kind_of() {
  if constexpr (std::is_pointer_v<PARAMETER>) {
    return 'p';
  } else if constexpr (std::is_same_v<PARAMETER, int32_t>) {
    return 'i';
  } else {
    static_assert(std::is_same_v<PARAMETER, float>);
    return 'f';
  }
}

template <class PARAMETER>
PARAMETER read(const Argument& argument) {
  if constexpr (kind_of<PARAMETER>() == 'p') {
    return reinterpret_cast<PARAMETER>(argument.bits);
  } else if constexpr (kind_of<PARAMETER>() == 'i') {
    return static_cast<int32_t>(argument.bits);
  } else {
    return __uint_as_float(static_cast<uint32_t>(argument.bits));
  }
}

template <auto KERNEL, class INDICES = void>
struct Callable;

template <class... PARAMETERS, void (*KERNEL)(PARAMETERS...)>
struct Callable<KERNEL> : Callable<KERNEL, std::index_sequence_for<PARAMETERS...>> {};

template <class... PARAMETERS, void (*KERNEL)(PARAMETERS...), size_t... I>
struct Callable<KERNEL, std::index_sequence<I...>> {
  static constexpr char kKinds[] = {kind_of<PARAMETERS>()..., '\0'};
  static void call(const Argument* arguments) { KERNEL(read<PARAMETERS>(arguments[I])...); }
};

#define SLUICE_KERNEL(NAME) {#NAME, Callable<NAME>::kKinds, Callable<NAME>::call},
const Kernel kKernels[] = {
#include "kernels.inc"
    SLUICE_KERNEL(fault_barrier_skipped_by_some)
    SLUICE_KERNEL(fault_barriers_at_two_places)
    SLUICE_KERNEL(fault_shuffle_without_some_lanes)
    SLUICE_KERNEL(fault_warp_at_two_places)
    SLUICE_KERNEL(fault_write_behind_a_buffer)
    SLUICE_KERNEL(fault_write_before_a_buffer)
    SLUICE_KERNEL(fault_read_behind_a_buffer)
    SLUICE_KERNEL(fault_write_behind_shared_memory)
    SLUICE_KERNEL(fault_misaligned_access)
    SLUICE_KERNEL(fault_matrix_row_outside_of_shared_memory)
    SLUICE_KERNEL(fault_uninitialised_shared_memory)
#if SLUICE_SM >= 80
    SLUICE_KERNEL(fault_copy_never_waited_for)
    SLUICE_KERNEL(fault_product_without_register_fence)
    SLUICE_KERNEL(fault_product_of_some_warps)
#endif
    SLUICE_KERNEL(probe_rounding)
    SLUICE_KERNEL(race_barrier_missing)
    SLUICE_KERNEL(race_warp_barrier_missing)
    SLUICE_KERNEL(race_barrier_of_a_warp_only)
    SLUICE_KERNEL(race_ring_too_short)
    SLUICE_KERNEL(race_same_value)
    SLUICE_KERNEL(race_byte)
    SLUICE_KERNEL(race_vector_over_word)
    SLUICE_KERNEL(race_block_reads_anothers)
    SLUICE_KERNEL(race_block_writes_what_another_reads)
    SLUICE_KERNEL(race_blocks_write_the_same)
    SLUICE_KERNEL(race_matrix_row)
#if SLUICE_SM >= 80
    SLUICE_KERNEL(race_copy_of_another)
    SLUICE_KERNEL(race_copy_over_what_is_read)
    SLUICE_KERNEL(race_copy_not_waited_for)
    SLUICE_KERNEL(race_source_of_a_copy)
    SLUICE_KERNEL(race_product_without_fence)
    SLUICE_KERNEL(race_product_fenced_by_readers)
    SLUICE_KERNEL(race_factor_overwritten)
    SLUICE_KERNEL(race_factor_overwritten_by_another_warp)
#endif
};
#undef SLUICE_KERNEL

}  // namespace

const Kernel* find_kernel(const char* name) {
  for (const Kernel& kernel : kKernels) {
    if (std::strcmp(kernel.name, name) == 0) {
      return &kernel;
    }
  }
  return nullptr;
}

}  // namespace emulation
