/** Tests of comparisons. */
@NullMarked
package dev.foundrygateway.compare;

import org.jspecify.annotations.NullMarked;
