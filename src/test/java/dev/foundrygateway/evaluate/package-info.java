/** The subcommands' tests. */
@NullMarked
package dev.foundrygateway.evaluate;

import org.jspecify.annotations.NullMarked;
