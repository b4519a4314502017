/** One prompt to several models, side by side: {@code POST /v1/gateway/compare}. Asks them through the pipeline, as a client would. */
@NullMarked
package dev.foundrygateway.compare;

import org.jspecify.annotations.NullMarked;
