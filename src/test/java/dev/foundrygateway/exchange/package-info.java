/** Tests of comparisons. */
@NullMarked
package dev.foundrygateway.exchange;

import org.jspecify.annotations.NullMarked;
