@NullMarked
package dev.foundrygateway.retrieval.embed;

import org.jspecify.annotations.NullMarked;
