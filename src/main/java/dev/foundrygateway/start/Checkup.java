package dev.foundrygateway.start;

import io.smallrye.config.SmallRyeConfig;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The doctor's checks, each of them once. What can be asked of a running gateway is asked of it, since it knows best. */
final class Checkup {
    private static final long LITTLE = 1L << 30;
    private static final long SCARCE = 100L << 20;
    private static final Duration OFF = Duration.ofSeconds(60);
    private static final int OLDEST_JAVA = 17;

    private final Start start;
    private final URI base;
    private final String key;
    private final String origin;
    private final String host;
    private final List<Finding> findings = new ArrayList<>();

    Checkup(Start start, URI url, String key, String origin, String host) {
        this.start = start;
        this.base = plain(url.toString());
        this.key = key;
        this.origin = origin;
        this.host = host;
    }

    /** A server's address without what clients append to it. */
    static URI plain(String url) {
        return URI.create(url.replaceFirst("/+$", "").replaceFirst("(?:/v1)+$", ""));
    }

    List<Finding> findings() throws InterruptedException {
        Optional<SmallRyeConfig> config = settings();
        config.ifPresent(this::folder);
        findings.add(java(Runtime.version().feature()));
        if (gateway()) {
            if (!host.isEmpty()) {
                host();
            }
            if (!origin.isEmpty()) {
                origin();
            }
            models(config);
        } else if (config.isPresent()) {
            findings.addAll(ServerCheck.findings(config.get()));
        }
        return findings;
    }

    static Finding java(int feature) {
        return feature >= OLDEST_JAVA
                ? Finding.ok("versions", "Java " + feature)
                : Finding.fail("versions", "Java " + feature, "use Java " + OLDEST_JAVA + " or newer");
    }

    private Optional<SmallRyeConfig> settings() {
        SmallRyeConfig config;
        try {
            config = Start.config();
        } catch (RuntimeException unreadable) {
            Fault fault = StartFailure.fault(unreadable);
            findings.add(Finding.fail("settings", fault.toString(), "mend the file"));
            return Optional.empty();
        }
        List<Fault> faults = new ArrayList<>(start.faults(config));
        faults.addAll(start.files(config));
        faults.forEach(fault ->
                findings.add(Finding.fail("settings", fault.toString(), "the gateway does not start with it")));
        if (faults.isEmpty()) {
            findings.add(Finding.ok("settings", "all are known and right"));
        }
        return faults.isEmpty() ? Optional.of(config) : Optional.empty();
    }

    private void folder(SmallRyeConfig config) {
        Path folder = Path.of(config.getOptionalValue("gateway.retrieval.directory", String.class)
                        .orElse(Start.DATA))
                .toAbsolutePath();
        List<Fault> problems = Start.folders(config);
        problems.forEach(problem ->
                findings.add(Finding.fail("data folder", problem.problem(), "the setting is " + problem.key())));
        if (!problems.isEmpty()) {
            return;
        }
        findings.add(Finding.ok("data folder", folder + " can be written"));
        Path existing = folder;
        while (!Files.exists(existing) && existing.getParent() != null) {
            existing = existing.getParent();
        }
        try {
            findings.add(disk(Files.getFileStore(existing).getUsableSpace()));
        } catch (IOException e) {
            findings.add(
                    Finding.warn("disk", "its free space can't be read: " + e.getMessage(), "look at it yourself"));
        }
    }

    static Finding disk(long free) {
        String what = (free >> 20) + " MB are free";
        String remedy = "free some, or move gateway.retrieval.directory to another disk";
        return free < SCARCE
                ? Finding.fail("disk", what, remedy)
                : free < LITTLE ? Finding.warn("disk", what, remedy) : Finding.ok("disk", what);
    }

    /** Whether a gateway answers; what it says of itself and of its model servers. */
    private boolean gateway() throws InterruptedException {
        if (base.getHost() == null || !String.valueOf(base.getScheme()).matches("(?i)https?")) {
            findings.add(Finding.fail(
                    "gateway",
                    base + " is no address of a server",
                    "write it with http:// or https://, as in http://127.0.0.1:5274"));
            return false;
        }
        Probe.Answer answer = Probe.get(base.resolve("/health"), "");
        if (!answer.came()) {
            findings.add(Finding.fail(
                    "gateway",
                    "nothing answers at " + base + " (" + answer.body() + ")",
                    "start it (java -jar quarkus-run.jar), or name its address by --url or GATEWAY_URL"));
            return false;
        }
        JsonObject health = object(answer.body());
        if (answer.body().contains("\"host_denied\"")) {
            findings.add(Finding.fail(
                    "host",
                    "the gateway refuses the name " + base.getHost(),
                    "add it to gateway.access.hosts, or call the gateway by another name"));
            return false;
        }
        if (!"foundry-gateway".equals(health.getValue("service"))) {
            findings.add(Finding.fail(
                    "gateway",
                    "another program answers at " + base,
                    "stop it, or run the gateway at another port (GATEWAY_PORT) and name that by --url"));
            return false;
        }
        findings.add(Finding.ok("gateway", "version " + health.getString("version") + " runs at " + base));
        clock(answer.date(), Instant.now()).ifPresent(findings::add);
        if (health.getBoolean("practice_upstream", false)) {
            findings.add(Finding.warn(
                    "practice",
                    "the practice upstream stands in for a model server",
                    "set FOUNDRY_LOCAL_ENDPOINT to a real one"));
        }
        JsonArray upstreams = health.getJsonArray("upstreams", new JsonArray());
        for (int i = 0; i < upstreams.size(); i++) {
            upstream(upstreams.getJsonObject(i));
        }
        JsonArray troubles = health.getJsonArray("troubles", new JsonArray());
        for (int i = 0; i < troubles.size(); i++) {
            findings.add(Finding.warn("gateway", troubles.getString(i), "see docs/operations.md"));
        }
        return true;
    }

    /** Empty where the gateway tells no time, as nothing is there to compare with. */
    static Optional<Finding> clock(String date, Instant now) {
        try {
            Instant there = ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
            Duration off = Duration.between(there, now).abs();
            return Optional.of(
                    off.compareTo(OFF) < 0
                            ? Finding.ok("clock", "agrees with the gateway's")
                            : Finding.warn(
                                    "clock",
                                    "differs from the gateway's by " + off.toSeconds() + " s",
                                    "let both machines take their time from a time server (NTP)"));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    private void upstream(JsonObject state) throws InterruptedException {
        String name = state.getString("name", "");
        String url = state.getString("url", "");
        String setting = ServerCheck.addressSetting(name);
        boolean few = !state.getBoolean("up", false) || state.getInteger("models", 0) == 0;
        if (few && url.startsWith("http") && asksForKey(plain(url), upstreamKey(name))) {
            findings.add(Finding.fail(
                    "model server",
                    name + " asks for a key at " + url,
                    "set " + ServerCheck.setting(name, "api-key") + " to one that it takes"));
        } else if (!state.getBoolean("up", false)) {
            findings.add(Finding.fail(
                    "model server",
                    name + " does not answer at " + url,
                    "start it, or set " + setting + " to its address" + ServerCheck.moved(name)));
        } else if ("open".equals(state.getString("circuit"))) {
            findings.add(Finding.fail(
                    "model server",
                    name + " failed its last calls, so that its breaker is open",
                    "look into its own log"));
        } else if (state.getInteger("models", 0) == 0) {
            findings.add(Finding.warn(
                    "model server",
                    name + " lists no models",
                    "load or download one, or name them by " + ServerCheck.setting(name, "models")));
        } else {
            findings.add(Finding.ok(
                    "model server",
                    name + kind(state) + " answers at " + url + " and lists " + state.getInteger("models")
                            + (state.getInteger("models") == 1 ? " model" : " models") + loaded(state)));
        }
    }

    /** Which Foundry Local it is, where it is one. */
    private static String kind(JsonObject state) {
        String dialect = state.getString("dialect", "");
        return dialect.matches("foundry-\\dx") ? " (Foundry Local " + dialect.charAt(8) + ".x)" : "";
    }

    private static String loaded(JsonObject state) {
        JsonArray loaded = state.getJsonArray("loaded");
        return loaded == null
                ? ""
                : loaded.isEmpty()
                        ? ", of which none is loaded"
                        : ", loaded: " + loaded.stream().map(String::valueOf).collect(Collectors.joining(", "));
    }

    private static String upstreamKey(String name) {
        try {
            return ServerCheck.key(Start.config(), name);
        } catch (RuntimeException unreadable) {
            // Told with the settings.
            return "";
        }
    }

    private static boolean asksForKey(URI server, String key) throws InterruptedException {
        int status = Probe.get(URI.create(server + "/v1/models"), key).status();
        return status == 401 || status == 403;
    }

    /** Where else a Foundry Local may be, as a sentence's end. */
    static String moved(Optional<String> told) {
        return told.map(there -> "; the foundry command names " + there + ": FOUNDRY_LOCAL_ENDPOINT=auto follows it")
                .orElse("; FOUNDRY_LOCAL_ENDPOINT=auto looks for a Foundry Local, =practice needs none");
    }

    private void host() throws InterruptedException {
        int status = Probe.statusWithHost(base, host);
        if (status == 0) {
            findings.add(Finding.warn(
                    "host",
                    "whether the gateway may be called " + host + " could not be asked",
                    "ask at its plain http address"));
            return;
        }
        findings.add(
                status == 403 || status == 421
                        ? Finding.fail("host", "the gateway refuses the name " + host, "add it to gateway.access.hosts")
                        : Finding.ok("host", "the gateway may be called " + host));
    }

    private void origin() throws InterruptedException {
        String allowed = Probe.allowedOrigin(base.resolve("/v1/chat/completions"), origin);
        findings.add(
                allowed.equals(origin) || allowed.equals("*")
                        ? Finding.ok("cors", "pages of " + origin + " may ask models")
                        : Finding.fail(
                                "cors",
                                "pages of " + origin + " may not call the gateway",
                                "add it to gateway.access.origins"));
    }

    private void models(Optional<SmallRyeConfig> config) throws InterruptedException {
        Probe.Answer answer = Probe.get(base.resolve("/v1/models"), key);
        if (answer.status() == 401) {
            findings.add(Finding.fail(
                    "key",
                    key.isEmpty() ? "the gateway asks for an API key" : "the gateway does not know this API key",
                    "give one by --key or GATEWAY_API_KEY; keys are set by gateway.access.api-keys.<name>.sha256"));
            return;
        }
        if (answer.body().contains("\"key_denied\"")) {
            findings.add(Finding.warn(
                    "key",
                    "the key is right, but may not ask models, so that they are not looked at",
                    "give one whose gateway.access.api-keys.<name>.areas has models, or leaves them out"));
            return;
        }
        findings.add(Finding.ok("key", key.isEmpty() ? "none is asked for" : "the key is right, or none is asked for"));
        Probe.Answer loaded = Probe.get(base.resolve("/models/loaded"), key);
        ServedModels served =
                ServedModels.of(answer.body(), loaded.status() == 200 ? Optional.of(loaded.body()) : Optional.empty());
        Set<String> names = served.names();
        for (String tier : List.of("draft", "escalation")) {
            String model = setting(config, "gateway.hybrid.hybrid." + tier);
            if (names.contains(model)) {
                findings.add(Finding.ok("hybrid", model + " is served"));
                String id = setting(config, "gateway.models." + SettingsCheck.quoted(model) + ".id");
                facts(model, id.isEmpty() ? model : id, served);
            } else if (!model.isEmpty()) {
                findings.add(Finding.warn(
                        "hybrid",
                        "nobody serves " + model + ", the " + tier + " model of hybrid",
                        "load it, or set " + (tier.equals("draft") ? "SLM_ALIAS" : "LLM_ALIAS") + " to one of "
                                + names));
            }
        }
        served.loaded().orElse(Set.of()).stream().sorted().forEach(name -> device(name, served));
        names.stream().filter(name -> name.contains("generic-cpu")).findFirst().ifPresent(name -> {
            if (names.stream().noneMatch(other -> other.matches("(?i).*(?:gpu|npu|cuda|qnn|webgpu).*"))) {
                findings.add(Finding.warn(
                        "device",
                        "all models listed run on the processor (" + name + ")",
                        "install a driver of the graphics card, or expect slow answers"));
            }
        });
    }

    /** Foundry Local takes the processor's variant in silence where a driver is missing. */
    private void device(String name, ServedModels served) {
        String device = ServedModels.device(name);
        Optional<String> faster = device.equals("cpu") ? served.faster(name) : Optional.empty();
        if (faster.isPresent()) {
            findings.add(Finding.warn(
                    "device",
                    name + " answers on the processor, although " + faster.get() + " is listed",
                    "load that by GET /models/load/" + faster.get()
                            + "; if it does not come, install the driver of its device"));
        } else if (!device.isEmpty()) {
            findings.add(Finding.ok("device", name + " answers on the " + device));
        }
    }

    private static String setting(Optional<SmallRyeConfig> config, String name) {
        return config.flatMap(one -> one.getOptionalValue(name, String.class)).orElse("");
    }

    /** Whether a served model is loaded, and how much it can read. */
    private void facts(String model, String id, ServedModels served) {
        String quoted = SettingsCheck.quoted(model);
        if (served.lacks(id)) {
            findings.add(Finding.warn(
                    "loaded",
                    model + " is not loaded, so the first question to it waits",
                    "load it by GET /models/load/" + model + ", or set gateway.models." + quoted + ".warm-up=true"));
        }
        Long length = served.contexts().get(model);
        findings.add(Finding.ok(
                "context",
                length == null
                        ? "the context length of " + model + " is unknown; set gateway.models." + quoted
                                + ".context-length"
                        : model + " can read " + length + " tokens, its answer included"));
    }

    static JsonObject object(String body) {
        try {
            return new JsonObject(body);
        } catch (DecodeException | ClassCastException e) {
            return new JsonObject();
        }
    }
}
