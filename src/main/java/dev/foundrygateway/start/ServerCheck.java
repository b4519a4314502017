package dev.foundrygateway.start;

import io.smallrye.config.SmallRyeConfig;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The doctor's look at the configured model servers themselves, where no gateway runs that knows them. */
final class ServerCheck {
    private static final String PREFIX = "gateway.upstreams.";
    private static final String FOUNDRY = "foundry";
    private static final String USUAL = "http://127.0.0.1:5273/v1";

    private ServerCheck() {}

    /** What each address of each configured server answers. */
    static List<Finding> findings(SmallRyeConfig config) throws InterruptedException {
        List<Finding> findings = new ArrayList<>();
        Set<String> names = names(config);
        for (String name : names) {
            for (String url : addresses(config, name)) {
                // Such as auto and practice: who stands there, a gateway finds out.
                if (url.startsWith("http")) {
                    findings.add(finding(name, url, key(config, name)));
                }
            }
        }
        // As the gateway has it: that one is used if it is there, and missed by nobody.
        if (!names.contains(FOUNDRY)) {
            Finding usual = finding(FOUNDRY, USUAL, "");
            if (usual.state() == Finding.State.OK) {
                findings.add(0, usual);
            }
        }
        return findings;
    }

    private static Finding finding(String name, String url, String key) throws InterruptedException {
        URI server = Checkup.plain(url);
        Probe.Answer list = Probe.get(URI.create(server + "/v1/models"), key);
        if (!list.came()) {
            return Finding.fail(
                    "model server",
                    "nothing answers at " + url + " (" + list.body() + ")",
                    "start it, or set " + addressSetting(name) + " to its address" + moved(name));
        }
        if (list.status() == 401 || list.status() == 403) {
            return Finding.fail("model server", url + " asks for a key", "set " + setting(name, "api-key"));
        }
        if (list.status() != 200 || !Checkup.object(list.body()).containsKey("data")) {
            return Finding.fail(
                    "model server",
                    url + " answers, but lists no models (status " + list.status() + ")",
                    "set " + addressSetting(name) + " to a model server's address");
        }
        return Finding.ok("model server", Probe.generation(server) + " answers at " + url);
    }

    /** All that are configured; {@code foundry} where a setting speaks of it or there is no other. */
    private static Set<String> names(SmallRyeConfig config) {
        Set<String> names = new TreeSet<>();
        for (String setting : config.getPropertyNames()) {
            List<String> parts = setting.startsWith("gateway.") ? SettingTree.parts(setting) : List.of();
            if (parts.size() > 3 && parts.get(1).equals("upstreams")) {
                boolean builtIn = parts.get(2).equals(FOUNDRY)
                        && parts.get(3).equals("url")
                        && value(config, setting).isEmpty();
                if (!builtIn) {
                    names.add(parts.get(2));
                }
            } else if (parts.size() == 4
                    && parts.get(1).equals("models")
                    && parts.get(3).equals("upstream")) {
                value(config, setting).ifPresent(names::add);
            }
        }
        if (names.isEmpty()) {
            names.add(FOUNDRY);
        }
        return names;
    }

    private static List<String> addresses(SmallRyeConfig config, String name) {
        List<String> urls = new ArrayList<>();
        value(config, setting(name, "url")).ifPresent(urls::add);
        config.getOptionalValues(setting(name, "urls"), String.class).ifPresent(urls::addAll);
        if (urls.isEmpty() && name.equals(FOUNDRY)) {
            urls.add(USUAL);
        }
        return urls;
    }

    /** The key that this server is sent; empty without one. */
    static String key(SmallRyeConfig config, String name) {
        return value(config, setting(name, "api-key")).orElse("");
    }

    private static Optional<String> value(SmallRyeConfig config, String setting) {
        return config.getOptionalValue(setting, String.class).filter(value -> !value.isBlank());
    }

    /** The name of one of a server's settings. */
    static String setting(String name, String which) {
        return PREFIX + SettingsCheck.quoted(name) + "." + which;
    }

    /** What a user sets a server's address by. */
    static String addressSetting(String name) {
        return name.equals(FOUNDRY) ? "FOUNDRY_LOCAL_ENDPOINT" : setting(name, "url");
    }

    /** Where else a Foundry Local may be, as a sentence's end; empty for another server. */
    static String moved(String name) throws InterruptedException {
        return name.equals(FOUNDRY) ? Checkup.moved(Probe.foundryCommand()) : "";
    }
}
