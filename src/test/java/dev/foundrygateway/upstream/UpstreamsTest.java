package dev.foundrygateway.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whether there is an upstream {@code foundry}, by what is set of it and of others. */
class UpstreamsTest {
    private static final String CLOUD = "gateway.upstreams.cloud.url=http://a:1/v1";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''                                                        | foundry",
                CLOUD + "                                                  | cloud",
                CLOUD + " gateway.upstreams.foundry-two.url=http://b:1/v1  | cloud foundry-two",
                CLOUD + " FOUNDRY_LOCAL_ENDPOINT=http://127.0.0.1:5273/v1  | foundry cloud",
                CLOUD + " FOUNDRY_LOCAL_ENDPOINT=auto                      | foundry cloud",
                CLOUD + " gateway.upstreams.foundry.urls=http://b:1        | foundry cloud",
                CLOUD + " gateway.upstreams.foundry.models=phi-4-mini      | foundry cloud",
                CLOUD + " GATEWAY_UPSTREAMS_FOUNDRY_API_KEY=k              | foundry cloud",
                CLOUD + " gateway.models.phi.upstream=foundry              | foundry cloud",
                CLOUD + " gateway.models.phi.upstream=cloud                | cloud",
            })
    void itIsAnUpstreamWhereASettingSpeaksOfItOrThereIsNoOther(String set, String names) {
        assertEquals(List.of(names.split(" ")), names(upstreams(set)));
        assertTrue(
                upstreams(set).sought().stream().anyMatch(one -> one.name().equals(Upstreams.FOUNDRY)),
                "it is looked for all the same");
    }

    @Test
    void oneThatNobodyAskedForIsTheFirstOfAllOnceItHasAnswered() {
        Upstreams upstreams = upstreams(CLOUD);
        Upstream foundry = upstreams.named("test", Upstreams.FOUNDRY);
        assertEquals("http://127.0.0.1:5273/v1", foundry.address().toString());
        assertEquals("cloud", upstreams.fallback().name());

        assertFalse(upstreams.found(upstreams.fallback()), "that was there before");
        assertTrue(upstreams.found(foundry));
        assertFalse(upstreams.found(foundry), "it is there already");
        assertEquals(List.of("foundry", "cloud"), names(upstreams));
        assertEquals(foundry, upstreams.fallback());
    }

    @Test
    void withAddressesOfItsOwnTheUsualOneIsNotMeant() {
        Upstream foundry = upstreams("gateway.upstreams.foundry.urls=http://a:1,http://b:1")
                .fallback();
        assertEquals(
                List.of("http://a:1/v1", "http://b:1/v1"),
                foundry.dialledAll().stream().map(UpstreamAddress::toString).toList());
    }

    private static List<String> names(Upstreams upstreams) {
        return upstreams.all().stream().map(Upstream::name).toList();
    }

    private static Upstreams upstreams(String set) {
        Map<String, String> file = new HashMap<>();
        Map<String, String> environment = new HashMap<>();
        // As application.properties has it.
        file.put("gateway.upstreams.foundry.url", "${FOUNDRY_LOCAL_ENDPOINT:}");
        for (String one : set.isBlank() ? new String[0] : set.strip().split(" ")) {
            String[] pair = one.split("=", 2);
            (pair[0].equals(pair[0].toUpperCase(Locale.ROOT)) ? environment : file).put(pair[0], pair[1]);
        }
        SmallRyeConfig config = new SmallRyeConfigBuilder()
                .addDefaultInterceptors()
                .addDiscoveredConverters()
                .withMapping(UpstreamsConfig.class)
                .withMapping(ModelsConfig.class)
                .withMappingIgnore("gateway.**")
                .withSources(new PropertiesConfigSource(file, "file", 100), new EnvConfigSource(environment, 300))
                .build();
        return new Upstreams(
                config.getConfigMapping(UpstreamsConfig.class),
                config.getConfigMapping(ModelsConfig.class),
                config,
                "127.0.0.1",
                5274,
                System::nanoTime);
    }
}
