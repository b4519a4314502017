/** The subcommands that measure: they run without a server. */
@NullMarked
package dev.foundrygateway.evaluate;

import org.jspecify.annotations.NullMarked;
