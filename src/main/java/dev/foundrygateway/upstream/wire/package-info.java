/** What reads and writes HTTP below the client to the model servers: the one place with Vert.x' internals. */
@NullMarked
package dev.foundrygateway.upstream.wire;

import org.jspecify.annotations.NullMarked;
