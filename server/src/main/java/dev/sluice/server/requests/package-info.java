// SPDX-License-Identifier: Apache-2.0
/**
 * What is kept of each request while it is under way, and the log line that some of them get.
 *
 * <p>Threads: those that serve only fill in a {@link dev.sluice.server.requests.RequestRecord};
 * lines and spans are made on a thread of their own, behind a bounded queue.
 */
@NullMarked
package dev.sluice.server.requests;

import org.jspecify.annotations.NullMarked;
