/** What several packages' tests share. */
@NullMarked
package dev.foundrygateway.testing;

import org.jspecify.annotations.NullMarked;
