/** The embedding model inside the program. */
@NullMarked
package dev.foundrygateway.retrieval.embed;

import org.jspecify.annotations.NullMarked;
