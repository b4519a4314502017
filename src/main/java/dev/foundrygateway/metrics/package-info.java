/** Measuring: every meter's name, unit, boundaries and labels. The only home of Micrometer. */
@NullMarked
package dev.foundrygateway.metrics;

import org.jspecify.annotations.NullMarked;
