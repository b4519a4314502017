package dev.foundrygateway.practice;

import io.vertx.core.json.DecodeException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/** Lets every n-th model call fail. */
final class FaultInjection {
    private static final String ERROR =
            Foundry2x.errorBody("Inference failed: a fault of the practice upstream", "server_error");
    private static final String ROLE = chunk("{\"content\":\"\",\"role\":\"assistant\"}");
    private static final String TOKEN = chunk("{\"content\":\"This\"}");

    private final PracticeSettings settings;
    private final AtomicLong calls = new AtomicLong();

    FaultInjection(PracticeSettings settings) {
        this.settings = settings;
    }

    void reset() {
        calls.set(0);
    }

    /** The script of this request's failure, empty if it does not fail. */
    Optional<Script> next(ReceivedRequest request) {
        boolean modelCall = request.method().equals("POST") && request.path().startsWith("/v1/");
        if (settings.fault() == Fault.NONE || !modelCall || calls.incrementAndGet() % settings.faultEvery() != 0) {
            return Optional.empty();
        }
        Script error = Script.start().json(500, ERROR);
        Script role = Script.start().stream().event(ROLE);
        boolean streaming = streaming(request);
        return Optional.of(
                switch (settings.fault()) {
                    case ERROR_EVENT -> streaming ? role.event(ERROR).end() : error;
                    case RESET ->
                        streaming ? role.event(TOKEN).reset() : Script.start().reset();
                    case STALL -> streaming ? role.stall() : Script.start().stall();
                    case STATUS_500, NONE -> error;
                });
    }

    private static boolean streaming(ReceivedRequest request) {
        try {
            return Boolean.TRUE.equals(request.json().getValue("stream"));
        } catch (DecodeException e) {
            return false;
        }
    }

    private static String chunk(String delta) {
        return "{\"choices\":[{\"delta\":" + delta
                + ",\"finish_reason\":null,\"index\":0,\"logprobs\":null}],\"created\":0,"
                + "\"id\":\"chatcmpl-fault\",\"model\":\"practice\",\"object\":\"chat.completion.chunk\",\"system_fingerprint\":\"practice\"}";
    }
}
