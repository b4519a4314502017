package dev.foundrygateway.practice;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/** When the pieces of an answer come: the delays of a model as steps of a script. */
final class Pace {
    private final PracticeSettings settings;

    Pace(PracticeSettings settings) {
        this.settings = settings;
    }

    /** The time that a whole answer takes. */
    Script whole(PracticeModel model, int tokens) {
        return Script.start().delay(model.firstToken().plus(model.perToken().multipliedBy(Math.max(0, tokens - 1))));
    }

    /** The head of a stream at once, as Foundry Local 2.x sends it, then a comment at each interval until the first token. */
    Script untilFirstToken(PracticeModel model) {
        Script script = head();
        Duration left = model.firstToken();
        while (left.compareTo(settings.keepAlive()) > 0) {
            script = script.delay(settings.keepAlive()).comment("keep-alive");
            left = left.minus(settings.keepAlive());
        }
        return script.delay(left);
    }

    private Script head() {
        return settings.doubledHeaders()
                ? Script.start().stream(
                        "Server",
                        "practice",
                        "Content-Type",
                        "text/event-stream",
                        "Cache-Control",
                        "no-cache",
                        "Connection",
                        "keep-alive",
                        "Connection",
                        "keep-alive")
                : Script.start().stream("Server", "practice", "Connection", "keep-alive");
    }

    /** So many tokens, each as the text it is written as. */
    Script tokens(PracticeModel model, int count, IntFunction<String> written) {
        List<Script> tokens = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            tokens.add(Script.start()
                    .delay(i == 0 ? Duration.ZERO : model.perToken())
                    .bytes(written.apply(i)));
        }
        return Script.sequence(tokens);
    }
}
