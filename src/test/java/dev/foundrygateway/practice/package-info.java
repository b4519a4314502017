/** Tests of the practice upstream, over real sockets. */
@NullMarked
package dev.foundrygateway.practice;

import org.jspecify.annotations.NullMarked;
