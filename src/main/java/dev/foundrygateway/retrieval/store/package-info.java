/** Files and vector stores: their records, where they are kept, and how files become passages. */
@NullMarked
package dev.foundrygateway.retrieval.store;

import org.jspecify.annotations.NullMarked;
