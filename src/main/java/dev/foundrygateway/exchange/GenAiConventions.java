package dev.foundrygateway.exchange;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Which of OpenTelemetry's names for generative AI are told beside those that have always been. The variable is OpenTelemetry's own, with other words for other
 * conventions in it: what is not known here is left alone.
 *
 * @see <a href="https://github.com/open-telemetry/semantic-conventions-genai/blob/main/docs/gen-ai/client-inference.md">Client inference</a>
 */
@Singleton
public class GenAiConventions {
    private static final String LATEST = "gen_ai_latest_experimental";

    private final boolean latest;

    @Inject
    GenAiConventions(@ConfigProperty(name = "otel.semconv-stability.opt-in") Optional<List<String>> optIn) {
        this(optIn.orElse(List.of()).stream().anyMatch(word -> word.strip().equals(LATEST)));
    }

    /** With the newest names, or without. */
    public GenAiConventions(boolean latest) {
        this.latest = latest;
    }

    /** Whether the newest names are asked for: {@code OTEL_SEMCONV_STABILITY_OPT_IN} has {@value #LATEST}. */
    public boolean latest() {
        return latest;
    }
}
