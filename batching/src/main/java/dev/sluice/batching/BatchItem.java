// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching;

/**
 * One item on its way through a lane.
 *
 * @param index its place in its call
 */
record BatchItem<T, R>(PendingCall<T, R> call, int index, Item<T> item) {}
