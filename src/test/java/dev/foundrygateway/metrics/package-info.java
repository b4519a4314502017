/** Tests of the meters. */
@NullMarked
package dev.foundrygateway.metrics;

import org.jspecify.annotations.NullMarked;
