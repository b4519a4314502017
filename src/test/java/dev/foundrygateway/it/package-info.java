/**
 * Black-box tests of the packaged program against real model servers, real clients and a real browser. Those are put in place by {@code .ci/run};
 * without them a test says so aloud and is skipped.
 */
@NullMarked
package dev.foundrygateway.it;

import org.jspecify.annotations.NullMarked;
