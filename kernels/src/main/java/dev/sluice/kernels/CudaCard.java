// SPDX-License-Identifier: Apache-2.0
package dev.sluice.kernels;

import java.util.OptionalLong;

/**
 * One NVIDIA card.
 *
 * @param index as {@code gpu:N} counts: the driver's order, after {@code CUDA_VISIBLE_DEVICES}
 * @param computeCapability for example {@code 9.0}
 * @param freeBytes empty when the card lets nobody in (exclusive mode, or no memory left at all)
 */
public record CudaCard(
    int index, String name, String computeCapability, long totalBytes, OptionalLong freeBytes) {}
