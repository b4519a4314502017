package dev.foundrygateway.upstream;

import dev.foundrygateway.exchange.SchemaRules;
import dev.foundrygateway.exchange.VirtualModels;
import dev.foundrygateway.upstream.ModelCatalog.Target;
import dev.foundrygateway.upstream.ModelsConfig.ModelConfig;
import dev.foundrygateway.upstream.ModelsConfig.Schemas;
import dev.foundrygateway.upstream.repair.Dialect.Trait;
import io.quarkus.runtime.Startup;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** How each model keeps a demanded form: by its setting, or by what its server is. Made at start-up, so that a wrong setting is told then. Thread-safe. */
@Startup
@Singleton
public class ModelSchemas implements SchemaRules {
    /** What servers that constrain their sampling by the schema say of themselves in the list of models: llama.cpp, vLLM, SGLang, OpenAI. */
    private static final Set<String> ENFORCING = Set.of("llamacpp", "vllm", "sglang", "openai", "system");

    private static final Set<String> OPENAI = Set.of("openai", "openai-internal", "system");

    private final ModelCatalog catalog;
    private final Map<String, ModelConfig> configured = new HashMap<>();

    ModelSchemas(ModelCatalog catalog, ModelsConfig models, VirtualModels virtual) {
        this.catalog = catalog;
        models.byAlias().forEach((alias, config) -> {
            config.fallback().ifPresent(other -> {
                if (other.equalsIgnoreCase(alias) || !virtual.nameOf(other).isEmpty()) {
                    throw new IllegalArgumentException("gateway.models." + alias + ".fallback: " + other
                            + " must be another model, and no hybrid one");
                }
            });
            configured.put(key(alias), config);
        });
    }

    @Override
    public Rule of(String model) {
        Optional<Target> target = catalog.find(model);
        Optional<ModelConfig> config = Optional.ofNullable(configured.get(key(model)))
                .or(() -> target.flatMap(found -> catalog.aliases(found).stream()
                        .filter(configured::containsKey)
                        .findFirst()
                        .map(configured::get)));
        Schemas setting = config.map(ModelConfig::schemas).orElse(Schemas.AUTO);
        return new Rule(
                setting == Schemas.AUTO
                        ? target.map(this::support).orElse(Support.CHECKED)
                        : Support.valueOf(setting.name()),
                config.flatMap(ModelConfig::fallback));
    }

    /**
     * Whether a model's server is OpenAI's own, as its list says. It alone knows custom tools and older functions, and keeps a form in its own Responses: llama.cpp keeps one in chats, and
     * not there. No virtual model is, since there may be several servers.
     */
    public boolean isOpenAi(String model) {
        return catalog.find(model)
                .filter(target -> !target.upstream().dialect().has(Trait.IGNORES_SCHEMAS))
                .map(this::owner)
                .filter(OPENAI::contains)
                .isPresent();
    }

    /** Whether a model's server is llama.cpp, as its list says. Its own Responses keep nothing, and their events lack the places and numbers that OpenAI's clients read. */
    public boolean isLlamaCpp(String model) {
        return catalog.find(model).map(this::owner).filter("llamacpp"::equals).isPresent();
    }

    private String owner(Target target) {
        return catalog.of(target.upstream()).owner(target.id());
    }

    private Support support(Target target) {
        if (target.upstream().dialect().has(Trait.IGNORES_SCHEMAS)) {
            return Support.TOOL_CALL;
        }
        return ENFORCING.contains(owner(target)) ? Support.NATIVE : Support.CHECKED;
    }

    private static String key(String name) {
        return name.toLowerCase(Locale.ROOT);
    }
}
