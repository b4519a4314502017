/** Tests of the rules that choose a model. */
@NullMarked
package dev.foundrygateway.routing;

import org.jspecify.annotations.NullMarked;
