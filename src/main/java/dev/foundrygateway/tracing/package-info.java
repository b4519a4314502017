/** Traces in OpenTelemetry's protocol and GenAI vocabulary. Off, it adds no stage to the pipeline. */
@NullMarked
package dev.foundrygateway.tracing;

import org.jspecify.annotations.NullMarked;
