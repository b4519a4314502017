/** The hybrid model's tests: tables for the policy, two models in memory for the filter. */
@NullMarked
package dev.foundrygateway.hybrid;

import org.jspecify.annotations.NullMarked;
