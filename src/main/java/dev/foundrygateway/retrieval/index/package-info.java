/** Passages in a Lucene index: words, vectors, how both are ranked. */
@NullMarked
package dev.foundrygateway.retrieval.index;

import org.jspecify.annotations.NullMarked;
