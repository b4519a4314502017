/** Tests of the tracing stages. */
@NullMarked
package dev.foundrygateway.tracing;

import org.jspecify.annotations.NullMarked;
