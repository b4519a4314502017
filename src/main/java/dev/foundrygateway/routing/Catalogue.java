package dev.foundrygateway.routing;

import dev.foundrygateway.exchange.Call;
import dev.foundrygateway.exchange.Observation;
import dev.foundrygateway.exchange.Observer;
import dev.foundrygateway.exchange.Payload;
import dev.foundrygateway.exchange.Troubles;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/** The rules as they are now: the file's last reading that was right. What runs goes on by the rules that it began with. Thread-safe. */
@Singleton
public class Catalogue {
    private static final Logger LOG = Logger.getLogger(Catalogue.class);
    private static final String KEY = CatalogueConfig.PREFIX + ".file";
    private static final long MOST_BYTES = 1 << 20;

    private final Optional<Path> file;
    private final Observer observer;
    private final Troubles.Passing wrong;
    private final ScheduledExecutorService background;
    private volatile RuleSet rules = RuleSet.NONE;
    private String read = "";

    /**
     * Reads the rules.
     *
     * @throws IllegalArgumentException naming the setting and the line that is wrong
     */
    Catalogue(CatalogueConfig config, Observer observer, Troubles troubles) {
        wrong = troubles.passing(LOG, KEY);
        file = config.file();
        this.observer = observer;
        background = Executors.newSingleThreadScheduledExecutor(work -> {
            Thread thread = new Thread(work, "catalogue");
            thread.setDaemon(true);
            return thread;
        });
        if (file.isPresent()) {
            try {
                read = text(file.get());
                rules = RuleFile.parse(read);
            } catch (RuleFile.WrongException e) {
                throw new IllegalArgumentException(KEY + ": " + file.get() + ", " + e.getMessage(), e);
            } catch (IOException e) {
                throw new IllegalArgumentException(KEY + ": " + problem(file.get(), e), e);
            }
        }
    }

    void start(@Observes StartupEvent event) {
        if (file.isPresent()) {
            Future<?> unused = background.scheduleWithFixedDelay(this::look, 1, 1, TimeUnit.SECONDS);
        }
    }

    @PreDestroy
    void stop() {
        background.shutdownNow();
    }

    /** Reads the file anew if it has changed; rules that are wrong are told once, and those before them stay. */
    synchronized void look() {
        Path path = file.orElseThrow();
        String text;
        try {
            text = text(path);
        } catch (IOException e) {
            String problem = problem(path, e);
            if (!problem.equals(read)) {
                read = problem;
                stays(problem);
            }
            return;
        }
        if (text.equals(read)) {
            return;
        }
        read = text;
        try {
            RuleSet next = RuleFile.parse(text);
            rules = next;
            String told = KEY + ": " + next.rules().size() + " rules are in force";
            if (wrong.present()) {
                wrong.over(told);
            } else {
                LOG.info(told);
            }
            observer.observe(new Observation.Reloaded(Observation.Reloaded.Kind.RULES, true));
        } catch (RuleFile.WrongException e) {
            stays(path + ", " + e.getMessage());
        }
    }

    private void stays(String problem) {
        wrong.began(KEY + ": " + problem + "; the rules before stay in force", "");
        observer.observe(new Observation.Reloaded(Observation.Reloaded.Kind.RULES, false));
    }

    private static String text(Path path) throws IOException {
        if (Files.size(path) > MOST_BYTES) {
            throw new IOException(path + " is larger than 1 MB");
        }
        return Files.readString(path, StandardCharsets.UTF_8);
    }

    private static String problem(Path path, IOException e) {
        if (e instanceof NoSuchFileException) {
            return "there is no file " + path;
        }
        if (e instanceof CharacterCodingException) {
            return path + " is not in UTF-8";
        }
        if (e instanceof AccessDeniedException) {
            return path + " may not be read";
        }
        return Files.isDirectory(path) ? path + " is a folder" : String.valueOf(e.getMessage());
    }

    /** The rules in force. */
    RuleSet rules() {
        return rules;
    }

    /** The models that rules choose, each with the name of the first rule that does. */
    public Map<String, String> chosen() {
        Map<String, String> chosen = new LinkedHashMap<>();
        rules.rules().forEach(rule -> chosen.putIfAbsent(rule.model(), rule.name()));
        if (!rules.otherwise().isEmpty()) {
            chosen.putIfAbsent(rules.otherwise(), RuleSet.OTHERWISE);
        }
        return chosen;
    }

    /** Whether there may be a choice where this model is asked for. */
    public boolean chooses(String model) {
        return rules.takes(model);
    }

    /** Which model a call would get, and why. */
    public JsonObject explain(Call call) {
        RuleSet now = rules;
        JsonObject told = new JsonObject().put("object", "gateway.explanation").put("asked", call.model());
        if (!(call.payload() instanceof Payload.Json) || !now.takes(call.model())) {
            return told.put("model", call.model())
                    .put("reason", now.names().isEmpty() ? "there are no rules" : "rules choose for " + now.names());
        }
        Asked asked = new Asked(call);
        JsonArray steps = new JsonArray();
        List<RuleSet.Said> all = now.said(asked);
        for (RuleSet.Said said : all) {
            JsonObject step = new JsonObject()
                    .put("rule", said.rule().name())
                    .put("model", said.rule().model())
                    .put("fits", said.against().isEmpty());
            steps.add(
                    said.against().isEmpty()
                            ? step.put("since", since(said.rule()))
                            : step.put("against", said.against()));
        }
        Optional<RuleSet.Choice> choice = now.choice(all);
        return told.put("model", choice.map(RuleSet.Choice::model).orElse(call.model()))
                .put("rule", choice.map(RuleSet.Choice::rule).orElse(""))
                .put("prompt_tokens", asked.promptTokens())
                .put(
                        "language",
                        asked.language()
                                .map(one -> one.name().toLowerCase(Locale.ROOT))
                                .orElse(""))
                .put("rules", steps);
    }

    private static List<String> since(RuleSet.Rule rule) {
        return rule.conditions().stream().map(RuleSet.Condition::text).toList();
    }

    /** The rules in force, as they are read. */
    public JsonObject json() {
        RuleSet now = rules;
        JsonArray all = new JsonArray();
        now.rules()
                .forEach(rule -> all.add(new JsonObject()
                        .put("rule", rule.name())
                        .put("model", rule.model())
                        .put("conditions", since(rule))));
        return new JsonObject()
                .put("object", "gateway.catalogue")
                .put("models", List.copyOf(now.names()))
                .put("rules", all)
                .put("otherwise", now.otherwise());
    }
}
