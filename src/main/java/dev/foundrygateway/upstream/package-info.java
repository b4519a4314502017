/** Model servers: where they are, what they are called, how bytes get there and back. The only home of an HTTP client to them. */
@NullMarked
package dev.foundrygateway.upstream;

import org.jspecify.annotations.NullMarked;
