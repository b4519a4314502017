@NullMarked
package dev.foundrygateway.retrieval.opensearch;

import org.jspecify.annotations.NullMarked;
