/** Tests of fits and of what is kept of them. */
@NullMarked
package dev.foundrygateway.hybrid.learn;

import org.jspecify.annotations.NullMarked;
