/** Retrieval's second backend: files, stores and passages in an OpenSearch cluster that several gateways share. */
@NullMarked
package dev.foundrygateway.retrieval.store.opensearch;

import org.jspecify.annotations.NullMarked;
