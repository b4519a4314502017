/** Tests of what is remembered of exchanges. */
@NullMarked
package dev.foundrygateway.live;

import org.jspecify.annotations.NullMarked;
