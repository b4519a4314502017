/** The subcommands that measure. */
@NullMarked
package dev.foundrygateway.evaluate;

import org.jspecify.annotations.NullMarked;
