/** Responses that are kept for later: those that were translated here, which no model server knows. */
@NullMarked
package dev.foundrygateway.responses;

import org.jspecify.annotations.NullMarked;
