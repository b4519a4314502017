/** What a model server gets wrong and how it is put right: a dialect is data, each repair a small class. */
@NullMarked
package dev.foundrygateway.upstream.repair;

import org.jspecify.annotations.NullMarked;
