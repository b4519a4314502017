/** A stand-in model server in the process: dev mode's practice upstream and the scripted upstream of the tests. */
@NullMarked
package dev.foundrygateway.practice;

import org.jspecify.annotations.NullMarked;
