/** JSON read and edited as bytes: exact, since what is not touched leaves as it came. */
@NullMarked
package dev.foundrygateway.openai.json;

import org.jspecify.annotations.NullMarked;
