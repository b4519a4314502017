/** Tests of the start and of the doctor. */
@NullMarked
package dev.foundrygateway.start;

import org.jspecify.annotations.NullMarked;
