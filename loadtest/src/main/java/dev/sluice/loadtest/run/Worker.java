// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.run;

/**
 * Who makes one call at a time.
 *
 * @param connection of its loop, from 0
 * @param id as templates see it
 */
record Worker(int connection, String id) {}
