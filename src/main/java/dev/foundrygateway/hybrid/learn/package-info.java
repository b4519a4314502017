/** A score that is fitted to labels: the regression, the labels and calibrations on disk, and whether a refit is better than what there is. No calls, no clock. */
@NullMarked
package dev.foundrygateway.hybrid.learn;

import org.jspecify.annotations.NullMarked;
