package dev.foundrygateway.edge.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.foundrygateway.exchange.Source;
import dev.foundrygateway.openai.json.Trees;
import java.util.ArrayList;
import java.util.List;

/** OpenAI's annotations as Messages' citations. */
final class MessageCitations {
    private MessageCitations() {}

    /**
     * The citations of a text.
     *
     * @param annotations a chat answer's annotations; missing for none
     * @param given what the model was given, whose text is cited; of a source that is not among them the annotated words are told
     */
    static ArrayNode of(JsonNode annotations, String text, List<Source> given) {
        ArrayNode citations = Trees.array();
        List<String> sources = new ArrayList<>();
        for (JsonNode annotation : annotations) {
            JsonNode cited = annotation.path("url_citation");
            if (!cited.isObject()) {
                continue;
            }
            String source = cited.path("url").asText("");
            if (!sources.contains(source)) {
                sources.add(source);
            }
            int from = Math.min(Math.max(0, cited.path("start_index").asInt(0)), text.length());
            int to = Math.min(Math.max(from, cited.path("end_index").asInt(0)), text.length());
            String passage = given.stream()
                    .filter(one -> one.citedAs(source))
                    .findFirst()
                    .map(Source::text)
                    .orElseGet(() -> text.substring(from, to));
            citations
                    .addObject()
                    .put("type", "search_result_location")
                    .put("cited_text", passage)
                    .put("source", source)
                    .put("title", cited.path("title").asText(""))
                    .put("search_result_index", sources.indexOf(source))
                    .put("start_block_index", 0)
                    .put("end_block_index", 1);
        }
        return citations;
    }
}
