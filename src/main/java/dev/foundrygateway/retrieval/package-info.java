/** Retrieval-augmented prompting: stores and documents, the search in them, and the prompt made of what was found. */
@NullMarked
package dev.foundrygateway.retrieval;

import org.jspecify.annotations.NullMarked;
