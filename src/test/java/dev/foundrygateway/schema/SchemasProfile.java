package dev.foundrygateway.schema;

import io.quarkus.test.junit.QuarkusTestProfile;
import java.util.HashMap;
import java.util.Map;

/** One model for each way in which a server may be asked for a form. */
public class SchemasProfile implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
        Map<String, String> settings = new HashMap<>();
        for (String support : new String[] {"checked", "native", "tool-call", "relay"}) {
            settings.put("gateway.models." + support + ".upstream", "foundry");
            settings.put("gateway.models." + support + ".id", support.equals("tool-call") ? "tooled" : "phi-4-mini");
            settings.put("gateway.models." + support + ".schemas", support);
        }
        settings.put("gateway.models.rescued-tools.upstream", "foundry");
        settings.put("gateway.models.rescued-tools.id", "toolless");
        settings.put("gateway.models.rescued-tools.schemas", "tool-call");
        settings.put("gateway.models.rescued.upstream", "foundry");
        settings.put("gateway.models.rescued.id", "phi-4-mini");
        settings.put("gateway.models.rescued.schemas", "checked");
        settings.put("gateway.models.rescued.fallback", "strong");
        settings.put("gateway.models.strong.upstream", "foundry");
        settings.put("gateway.models.strong.id", "strong");
        settings.put("gateway.models.strong.schemas", "checked");
        settings.put("gateway.hybrid.hybrid.draft", "checked");
        settings.put("gateway.hybrid.hybrid.escalation", "strong");
        settings.put("gateway.sse.keep-alive", "2s");
        settings.put("gateway.upstreams.foundry.dialect", "openai");
        return settings;
    }
}
