/** The hybrid model: small first, large when it must be, in one stream that never shows two answers. */
@NullMarked
package dev.foundrygateway.hybrid;

import org.jspecify.annotations.NullMarked;
