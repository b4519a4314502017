/** Tests of the account of usage. */
@NullMarked
package dev.foundrygateway.ledger;

import org.jspecify.annotations.NullMarked;
