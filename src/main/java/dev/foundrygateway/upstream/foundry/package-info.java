/** Foundry Local beside its model calls: what it lists, loads and unloads, and where it listens. */
@NullMarked
package dev.foundrygateway.upstream.foundry;

import org.jspecify.annotations.NullMarked;
