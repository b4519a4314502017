/** The OpenAI wire format: JSON and server-sent events, read and edited as bytes. No I/O, no CDI; the only home of Jackson's tree types. */
@NullMarked
package dev.foundrygateway.openai;

import org.jspecify.annotations.NullMarked;
