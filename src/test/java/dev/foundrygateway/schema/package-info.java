@NullMarked
package dev.foundrygateway.schema;

import org.jspecify.annotations.NullMarked;
