/** Which model answers a request that leaves the choice to the gateway: rules in a file that is read anew when it changes. */
@NullMarked
package dev.foundrygateway.routing;

import org.jspecify.annotations.NullMarked;
