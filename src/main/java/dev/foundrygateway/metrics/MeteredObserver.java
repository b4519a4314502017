package dev.foundrygateway.metrics;

import dev.foundrygateway.exchange.Observation;
import dev.foundrygateway.exchange.Observer;
import jakarta.inject.Singleton;

/** Hands what features observe to the meters; each takes what it counts. Thread-safe. */
@Singleton
public class MeteredObserver implements Observer {
    private final UpstreamMeters upstreams;
    private final EscalationMeters escalations;
    private final SchemaMeters schemas;

    MeteredObserver(UpstreamMeters upstreams, EscalationMeters escalations, SchemaMeters schemas) {
        this.upstreams = upstreams;
        this.escalations = escalations;
        this.schemas = schemas;
    }

    @Override
    public void observe(Observation observation) {
        upstreams.observe(observation);
        escalations.observe(observation);
        schemas.observe(observation);
    }
}
