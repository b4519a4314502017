/** Tests of the translations. */
@NullMarked
package dev.foundrygateway.edge.protocol;

import org.jspecify.annotations.NullMarked;
