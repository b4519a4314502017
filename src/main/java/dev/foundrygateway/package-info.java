/** The program: its command line. Everything else lies in a package of its feature. */
@NullMarked
package dev.foundrygateway;

import org.jspecify.annotations.NullMarked;
