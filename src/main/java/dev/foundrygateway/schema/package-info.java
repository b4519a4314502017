/** Forms that hold: an answer keeps the schema and the tools that its request asks for, or there is none. */
@NullMarked
package dev.foundrygateway.schema;

import org.jspecify.annotations.NullMarked;
