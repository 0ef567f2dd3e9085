// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.call;

/** What an action or an argument in it is worth. */
interface Expression {
  Object value(Template.Frame frame);
}
