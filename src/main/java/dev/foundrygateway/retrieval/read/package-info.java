/** Files to text in sections, each kind of file by a reader of its own. */
@NullMarked
package dev.foundrygateway.retrieval.read;

import org.jspecify.annotations.NullMarked;
