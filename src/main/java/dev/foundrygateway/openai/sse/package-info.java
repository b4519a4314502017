/** Server-sent events, found in buffers that are cut anywhere; what each means, without building trees. */
@NullMarked
package dev.foundrygateway.openai.sse;

import org.jspecify.annotations.NullMarked;
