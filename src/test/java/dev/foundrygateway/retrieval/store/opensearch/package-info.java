@NullMarked
package dev.foundrygateway.retrieval.store.opensearch;

import org.jspecify.annotations.NullMarked;
