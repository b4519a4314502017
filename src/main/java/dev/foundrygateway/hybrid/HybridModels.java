package dev.foundrygateway.hybrid;

import dev.foundrygateway.exchange.GatewayException;
import dev.foundrygateway.exchange.VirtualModels;
import dev.foundrygateway.openai.ErrorCode;
import io.quarkus.runtime.Startup;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;

/** The virtual models by name; made at start-up, so that a wrong setting is told then. Thread-safe. */
@Startup
@ApplicationScoped
public class HybridModels implements VirtualModels {
    private static final char SHARE_MARK = '@';

    private final Map<String, VirtualModel> byName;
    private final List<String> names;
    private final Map<String, Double> targets = new TreeMap<>();

    /** A virtual model, and the share that the request's model name asks for. */
    record Asked(VirtualModel model, OptionalDouble share) {}

    HybridModels(HybridConfig config) {
        Map<String, VirtualModel> models = new TreeMap<>();
        config.byName().forEach((name, one) -> {
            models.put(key(name), new VirtualModel(name, one));
            one.targetShare().ifPresent(share -> targets.put(name, share));
        });
        byName = Map.copyOf(models);
        byName.values().forEach(model -> {
            oneOfAServer(model, "draft", model.draft());
            oneOfAServer(model, "escalation", model.escalation());
            oneOfAServer(model, "decision-model", model.decisionModel());
        });
        names = models.values().stream().map(VirtualModel::name).toList();
    }

    private void oneOfAServer(VirtualModel model, String setting, String named) {
        if (byName.containsKey(key(base(named)))) {
            throw new IllegalArgumentException(HybridConfig.PREFIX + "." + model.name() + "." + setting + " is " + named
                    + ", which is a hybrid model itself; name a model that a model server has");
        }
    }

    /** The configured shares to escalate, by the models that have one. */
    Map<String, Double> targets() {
        return Map.copyOf(targets);
    }

    /** All of them. */
    Collection<VirtualModel> all() {
        return byName.values();
    }

    @Override
    public List<String> names() {
        return names;
    }

    @Override
    public String nameOf(String model) {
        VirtualModel found = byName.get(key(base(model)));
        return found == null ? "" : found.name();
    }

    @Override
    public List<String> tiers(String model) {
        VirtualModel found = byName.get(key(base(model)));
        return found == null ? List.of() : List.of(found.draft(), found.escalation());
    }

    @Override
    public String judge(String model) {
        VirtualModel found = byName.get(key(base(model)));
        return found == null ? "" : found.decisionModel();
    }

    /**
     * The virtual model that a request asks for; empty if it asks for another.
     *
     * @throws GatewayException when the share behind its name is none
     */
    Optional<Asked> find(String model) {
        VirtualModel found = byName.get(key(base(model)));
        if (found == null) {
            return Optional.empty();
        }
        int mark = model.indexOf(SHARE_MARK);
        return Optional.of(new Asked(found, mark < 0 ? OptionalDouble.empty() : share(model, mark)));
    }

    private static OptionalDouble share(String model, int mark) {
        double share;
        try {
            share = Double.parseDouble(model.substring(mark + 1));
        } catch (NumberFormatException e) {
            share = Double.NaN;
        }
        if (!(share >= 0 && share <= 1)) {
            throw new GatewayException(
                    ErrorCode.INVALID_REQUEST,
                    "model: what follows the @ is the share to escalate at most, a number from 0 to 1, as in "
                            + model.substring(0, mark) + "@0.35",
                    "model");
        }
        return OptionalDouble.of(share);
    }

    private static String base(String model) {
        int mark = model.indexOf(SHARE_MARK);
        return mark < 0 ? model : model.substring(0, mark);
    }

    private static String key(String name) {
        return name.toLowerCase(Locale.ROOT);
    }
}
