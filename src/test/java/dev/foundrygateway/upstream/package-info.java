/** Tests of addresses, headers and the choice of an upstream. */
@NullMarked
package dev.foundrygateway.upstream;

import org.jspecify.annotations.NullMarked;
