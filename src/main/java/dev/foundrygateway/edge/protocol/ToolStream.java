package dev.foundrygateway.edge.protocol;

import dev.foundrygateway.exchange.GatewayException;
import dev.foundrygateway.openai.ErrorCode;
import dev.foundrygateway.openai.json.Trees;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Puts the pieces of an answer's tool calls in order, one call after the other: the first that isn't whole is passed on as it comes, pieces of later ones
 * wait. Models write one call after the other as a rule, and then nothing waits. Used once; confined to its exchange.
 */
final class ToolStream {
    /** Takes the calls in order. */
    interface Sink {
        /** A call begins; its id is empty where the server gave none. */
        void opened(String id, String name);

        /** More of its arguments' text. */
        void arguments(String more);

        /** It has ended. */
        void closed();
    }

    /** Calls begun and not whole; each new one has the oldest read again. */
    private static final int MAX_WAITING = 128;
    /** Characters of all calls of an answer. */
    private static final int MAX_LENGTH = 4 << 20;

    private final Sink sink;
    private int length;
    private final Map<Integer, Call> calls = new LinkedHashMap<>();

    ToolStream(Sink sink) {
        this.sink = sink;
    }

    private static final class Call {
        private final StringBuilder arguments = new StringBuilder();
        private String id = "";
        private String name = "";
        private boolean open;
        private int told;
    }

    void add(ToolDelta delta) {
        boolean begins = !calls.containsKey(delta.index());
        if (begins) {
            endWhole();
        }
        length += delta.name().length() + delta.arguments().length();
        if ((begins && calls.size() >= MAX_WAITING) || length > MAX_LENGTH) {
            throw new GatewayException(
                    ErrorCode.UPSTREAM_ERROR,
                    "the model server sent tool calls that are too many or too long to be put in order");
        }
        Call call = calls.computeIfAbsent(delta.index(), ignored -> new Call());
        if (call.id.isEmpty()) {
            call.id = delta.id();
        }
        if (!call.open) {
            // A name comes whole, again in every piece, growing, or in parts.
            call.name = delta.name().startsWith(call.name) ? delta.name() : call.name + delta.name();
        }
        call.arguments.append(delta.arguments());
        if (calls.values().iterator().next() == call) {
            pass(call, false);
        }
    }

    /** Ends all calls that have begun. */
    void end() {
        calls.values().forEach(this::close);
        calls.clear();
    }

    /** Ends those at the front whose arguments are whole, since another begins. */
    private void endWhole() {
        while (!calls.isEmpty()) {
            Map.Entry<Integer, Call> oldest = calls.entrySet().iterator().next();
            if (Trees.object(oldest.getValue().arguments.toString()).isEmpty()) {
                return;
            }
            close(oldest.getValue());
            calls.remove(oldest.getKey());
        }
    }

    private void close(Call call) {
        pass(call, true);
        if (!call.open) {
            throw new GatewayException(
                    ErrorCode.UPSTREAM_ERROR, "the model server sent a tool call without the function's name");
        }
        sink.closed();
    }

    /** A call is told when its arguments begin, since its name may come in parts up to there. */
    private void pass(Call call, boolean over) {
        if (call.name.isEmpty() || (call.arguments.isEmpty() && !over)) {
            return;
        }
        if (!call.open) {
            call.open = true;
            sink.opened(call.id, call.name);
        }
        if (call.arguments.length() > call.told) {
            sink.arguments(call.arguments.substring(call.told));
            call.told = call.arguments.length();
        }
    }
}
