/** Tests of the responses that are kept. */
@NullMarked
package dev.foundrygateway.responses;

import org.jspecify.annotations.NullMarked;
