@NullMarked
package dev.foundrygateway.openai.schema;

import org.jspecify.annotations.NullMarked;
