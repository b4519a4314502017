@NullMarked
package dev.foundrygateway.retrieval;

import org.jspecify.annotations.NullMarked;
