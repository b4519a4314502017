package dev.foundrygateway.tracing;

import io.quarkus.runtime.annotations.RegisterForReflection;

/**
 * What the exporter loads by name, for the native program: its HTTP client, found as a service. The service's own file is among
 * {@code quarkus.native.resources.includes}.
 */
@RegisterForReflection(
        classNames = "io.opentelemetry.exporter.sender.jdk.internal.JdkHttpSenderProvider",
        fields = false)
final class TracingReflection {
    private TracingReflection() {}
}
