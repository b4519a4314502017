/** What runs now, and what ran lately: readers of each exchange's one account. */
@NullMarked
package dev.foundrygateway.live;

import org.jspecify.annotations.NullMarked;
