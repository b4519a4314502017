/** JSON Schema: what a request demands of an answer, and whether an answer keeps it. No I/O. */
@NullMarked
package dev.foundrygateway.openai.schema;

import org.jspecify.annotations.NullMarked;
