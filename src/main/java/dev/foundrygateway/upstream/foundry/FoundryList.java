package dev.foundrygateway.upstream.foundry;

import dev.foundrygateway.exchange.GatewayException;
import dev.foundrygateway.openai.ErrorCode;
import dev.foundrygateway.openai.TokenEstimate;
import dev.foundrygateway.openai.json.Json;
import dev.foundrygateway.upstream.ModelCatalog;
import dev.foundrygateway.upstream.Upstream;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The bodies of Foundry Local 0.x's management calls, as its SDKs read them: they insist on every member of {@code /foundry/list}, whether anybody knows
 * its value or not.
 */
final class FoundryList {
    private FoundryList() {}

    /** What {@code /foundry/list} says of one upstream: each model once for each alias, best variant first, since the SDK takes the first with an alias. */
    static List<Json> of(ModelCatalog catalog, Upstream upstream) {
        List<VariantId> variants = new ArrayList<>(
                catalog.of(upstream).ids().stream().map(VariantId::of).toList());
        variants.sort(VariantId.BEST_FIRST);
        List<Json> list = new ArrayList<>();
        for (VariantId variant : variants) {
            List<String> aliases = new ArrayList<>(catalog.aliases(new ModelCatalog.Target(upstream, variant.id())));
            // The shortest first: Microsoft's aliases leave out what an id says of tuning.
            Collections.reverse(aliases);
            if (aliases.isEmpty()) {
                aliases.add(variant.id());
            }
            aliases.forEach(alias -> list.add(item(variant, alias)));
        }
        return list;
    }

    private static Json item(VariantId variant, String alias) {
        String version = Integer.toString(Math.max(1, variant.version()));
        return Json.object()
                .set("name", variant.id())
                .set("displayName", variant.unversioned())
                .set("modelType", "ONNX")
                .set("providerType", "AzureFoundry")
                .set("uri", "azureml://registries/azureml/models/" + variant.unversioned() + "/versions/" + version)
                .set("version", version)
                .set("promptTemplate", Json.object())
                .set("publisher", "")
                .set("task", "chat-completion")
                .set("runtime", runtime(variant))
                .set("fileSizeMb", 0)
                .set("modelSettings", Json.object().set("parameters", Json.array()))
                .set("alias", alias)
                .set("supportsToolCalling", false)
                .set("license", "")
                .set("licenseDescription", "")
                .set("parentModelUri", "")
                .setNull("maxOutputTokens")
                .setNull("minFLVersion");
    }

    private static Json runtime(VariantId variant) {
        return switch (variant.device()) {
            case NPU -> runtime("NPU", "QNNExecutionProvider");
            case VENDOR_GPU ->
                runtime(
                        "GPU",
                        variant.unversioned().contains("-cuda-")
                                ? "CUDAExecutionProvider"
                                : "OpenVINOExecutionProvider");
            case GENERIC_GPU -> runtime("GPU", "WebGpuExecutionProvider");
            default -> runtime("CPU", "CPUExecutionProvider");
        };
    }

    private static Json runtime(String device, String provider) {
        return Json.object().set("deviceType", device).set("executionProvider", provider);
    }

    /** What a 0.x told, its numbers as they came: a bare array, or as its documentation has it an object with {@code models}. */
    static List<Json> told(Buffer body) {
        Json root = Json.parse(body).orElseThrow(() -> new DecodeException("a catalogue that is not JSON"));
        List<Json> items = (root.isArray() ? root : root.get("models")).elements();
        for (Json item : items) {
            // SDK 0.3.1 can't start on a null there; the others take an object as well.
            if (item.isObject()
                    && (!item.has("promptTemplate")
                            || item.get("promptTemplate").isNull())) {
                item.set("promptTemplate", Json.object());
            }
        }
        return items;
    }

    /** The body of {@code /openai/status}: the members as documented, and {@code modelDirPath} as SDKs read it. */
    static Buffer status(String ownUrl, String directory) {
        return Buffer.buffer(new JsonObject()
                .put("Endpoints", new JsonArray().add(ownUrl))
                .put("ModelDirPath", directory)
                .putNull("PipeName")
                .put("endpoints", new JsonArray().add(ownUrl))
                .put("modelDirPath", directory)
                .putNull("pipeName")
                .encode());
    }

    /** Where an upstream keeps its models, by its own status; empty if it doesn't tell. */
    static String modelDirectory(Buffer status) {
        JsonObject told = new JsonObject(status);
        for (String member : List.of("modelCachePath", "modelDirPath", "ModelDirPath")) {
            if (told.getValue(member) instanceof String directory) {
                return directory;
            }
        }
        return "";
    }

    /** The model that a download is for; empty if it names none. */
    static String downloadName(Buffer body) {
        if (read(body).getValue("model") instanceof JsonObject model) {
            for (String member : List.of("Name", "name")) {
                if (model.getValue(member) instanceof String name) {
                    return name;
                }
            }
        }
        return "";
    }

    /** The model that a count of tokens is for; empty if it names none. */
    static String modelName(Buffer body) {
        return read(body).getValue("model") instanceof String name ? name : "";
    }

    /** A count of tokens from the length of the text: four characters a token, and four tokens around each message. */
    static Buffer estimate(Buffer body) {
        long count = 0;
        if (read(body).getValue("messages") instanceof JsonArray messages) {
            for (Object message : messages) {
                if (message instanceof JsonObject object) {
                    count += 4 + TokenEstimate.ofCharacters(textLength(object.getValue("content")));
                }
            }
        }
        return Buffer.buffer(
                new JsonObject().put("tokenCount", count).put("estimated", true).encode());
    }

    private static long textLength(Object content) {
        if (content instanceof String text) {
            return text.length();
        }
        long length = 0;
        if (content instanceof JsonArray parts) {
            for (Object part : parts) {
                length += part instanceof JsonObject object && object.getValue("text") instanceof String text
                        ? text.length()
                        : 0;
            }
        }
        return length;
    }

    private static JsonObject read(Buffer body) {
        try {
            return new JsonObject(body);
        } catch (DecodeException e) {
            throw new GatewayException(ErrorCode.INVALID_JSON, "the request body is not a JSON object");
        }
    }
}
