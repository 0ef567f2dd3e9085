// SPDX-License-Identifier: Apache-2.0
/** The path of a request and the catalog, with models, batchers and time made up by the tests. */
@NullMarked
package dev.sluice.server.core;

import org.jspecify.annotations.NullMarked;
