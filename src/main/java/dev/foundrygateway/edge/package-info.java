/** The edge: routes, the pipeline's order, errors as replies. Everything else lies in a package of its feature. */
@NullMarked
package dev.foundrygateway.edge;

import org.jspecify.annotations.NullMarked;
