package dev.foundrygateway.exchange;

import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jboss.logging.Logger;

/** What is wrong without stopping the gateway, for {@code /health}: a sentence for each thing, at most {@value #MOST}. Thread-safe. */
@Singleton
public class Troubles {
    private static final int MOST = 100;

    private final Map<String, String> sentences = new LinkedHashMap<>();

    /** One that comes and goes: the log tells each sentence once, and once that it is over. */
    public final class Passing {
        private final Logger log;
        private final String thing;
        private volatile String told = "";

        private Passing(Logger log, String thing) {
            this.log = log;
            this.thing = thing;
        }

        /**
         * It is there.
         *
         * @param sentence for everybody
         * @param cause for the log alone; empty for none
         */
        public void began(String sentence, Object cause) {
            synchronized (Troubles.this) {
                if (!sentence.equals(told)) {
                    log.warn("".equals(cause) ? sentence : sentence + " (" + cause + ")");
                }
                told = sentence;
                note(thing, sentence);
            }
        }

        /** All is well, again if it was not. */
        public void over(String sentence) {
            if (present()) {
                synchronized (Troubles.this) {
                    log.info(sentence);
                    told = "";
                    sentences.remove(thing);
                }
            }
        }

        public boolean present() {
            return !told.isEmpty();
        }
    }

    /** One that is not there yet, told by that log. */
    public Passing passing(Logger log, String thing) {
        return new Passing(log, thing);
    }

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
