/** OpenAI's {@code /v1/files} and {@code /v1/vector_stores}. */
@NullMarked
package dev.foundrygateway.retrieval.api;

import org.jspecify.annotations.NullMarked;
