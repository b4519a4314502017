package dev.foundrygateway.metrics;

import dev.foundrygateway.exchange.Observation;
import dev.foundrygateway.exchange.Observer;
import jakarta.inject.Singleton;

/** Hands what features observe to the meters; each takes what it counts. Thread-safe. */
@Singleton
public class MeteredObserver implements Observer {
    private final UpstreamMeters upstreams;
    private final EscalationMeters escalations;

    MeteredObserver(UpstreamMeters upstreams, EscalationMeters escalations) {
        this.upstreams = upstreams;
        this.escalations = escalations;
    }

    @Override
    public void observe(Observation observation) {
        upstreams.observe(observation);
        escalations.observe(observation);
    }
}
