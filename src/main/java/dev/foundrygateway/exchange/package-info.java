/** The contract between the stages of one exchange: what a call, a reply and a failure are. Knows no feature. */
@NullMarked
package dev.foundrygateway.exchange;

import org.jspecify.annotations.NullMarked;
