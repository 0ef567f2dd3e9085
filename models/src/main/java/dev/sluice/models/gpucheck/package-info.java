// SPDX-License-Identifier: Apache-2.0
/**
 * What a card does for Sluice, for whoever asks at the command line: kernels and encoders as the
 * kernels' own check has them, and the embedded model beside itself on the CPU.
 */
@NullMarked
package dev.sluice.models.gpucheck;

import org.jspecify.annotations.NullMarked;
