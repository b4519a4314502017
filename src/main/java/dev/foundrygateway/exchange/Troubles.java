package dev.foundrygateway.exchange;

import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What is wrong without stopping the gateway, for {@code /health}: a sentence for each thing, at most {@value #MOST}. Thread-safe. */
@Singleton
public class Troubles {
    private static final int MOST = 100;

    private final Map<String, String> sentences = new LinkedHashMap<>();

    /** Notes a trouble, in place of what was said of the same thing. */
    public synchronized void note(String thing, String sentence) {
        if (sentences.containsKey(thing) || sentences.size() < MOST) {
            sentences.put(thing, sentence);
        }
    }

    public synchronized List<String> all() {
        return new ArrayList<>(sentences.values());
    }
}
