/** The program's start: whether its settings and its machine allow one, and what to do where they don't. Knows no feature; it is told which settings there are. */
@NullMarked
package dev.foundrygateway.start;

import org.jspecify.annotations.NullMarked;
