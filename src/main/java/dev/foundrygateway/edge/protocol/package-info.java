/** The languages in which clients ask: each is translated into a chat request, and its reply back, so that every stage works behind each of them. */
@NullMarked
package dev.foundrygateway.edge.protocol;

import org.jspecify.annotations.NullMarked;
