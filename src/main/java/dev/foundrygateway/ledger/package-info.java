/** Who has used how much: tokens and cost by day, API key and model, on disk, and the answers about it. */
@NullMarked
package dev.foundrygateway.ledger;

import org.jspecify.annotations.NullMarked;
