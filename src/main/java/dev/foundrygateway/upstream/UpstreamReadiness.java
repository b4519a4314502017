package dev.foundrygateway.upstream;

import dev.foundrygateway.exchange.UpstreamState;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Readiness;

/** Ready when at least one upstream answers. Reads what the probe last saw, so that it costs nothing and waits for nobody. */
@Readiness
@ApplicationScoped
public class UpstreamReadiness implements HealthCheck {
    private final UpstreamState.Source upstreams;

    UpstreamReadiness(UpstreamState.Source upstreams) {
        this.upstreams = upstreams;
    }

    @Override
    public HealthCheckResponse call() {
        List<UpstreamState> states = upstreams.states();
        HealthCheckResponseBuilder response = HealthCheckResponse.named("upstreams");
        for (UpstreamState state : states) {
            response.withData(state.name(), (state.up() ? "up at " : "down at ") + state.url());
        }
        return response.status(states.stream().anyMatch(UpstreamState::up)).build();
    }
}
