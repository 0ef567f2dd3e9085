// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.config;

import java.util.List;

/** What somebody wrote for a setting, not yet judged. */
record Given(List<String> texts, Source source) {}
