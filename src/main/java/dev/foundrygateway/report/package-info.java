/** What a reply says of itself where its client asks: the {@code gateway} member of a plain model's answer. */
@NullMarked
package dev.foundrygateway.report;

import org.jspecify.annotations.NullMarked;
