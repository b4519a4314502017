package dev.foundrygateway.openai;

import dev.foundrygateway.openai.json.Json;
import dev.foundrygateway.openai.sse.Frame;
import dev.foundrygateway.openai.sse.StreamEvent;
import dev.foundrygateway.openai.sse.Usage;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A plain chat answer with all its choices, read once, mended, and written plain or as a stream. What nobody mends leaves as the bytes that came. Not thread-safe. */
public final class WholeAnswer {
    private final Json root;
    private final Buffer came;
    private final List<Choice> choices = new ArrayList<>();

    private WholeAnswer(Json root, Buffer came) {
        this.root = root;
        this.came = came;
        root.get("choices").elements().forEach(choice -> choices.add(new Choice(choice)));
    }

    /** Reads an answer; empty if it is none. */
    public static Optional<WholeAnswer> of(Buffer plain) {
        return Json.parse(plain)
                .filter(root -> root.get("choices").isArray())
                .map(root -> new WholeAnswer(root, plain))
                .filter(answer -> !answer.choices.isEmpty());
    }

    /** One choice. */
    public static final class Choice {
        private final Json choice;

        private Choice(Json choice) {
            this.choice = choice;
        }

        private Json message() {
            return choice.get("message");
        }

        /** The text, of parts their texts together; empty if none. */
        public String text() {
            Json content = message().get("content");
            StringBuilder text = new StringBuilder(content.text());
            content.elements().forEach(part -> text.append(part.get("text").text()));
            return text.toString();
        }

        /** Whether its content is a list of parts, which few clients read in an answer. */
        public boolean inParts() {
            return message().get("content").isArray();
        }

        public void setText(String text) {
            choice.object("message").set("content", text);
        }

        /** Whether the model says that it won't answer, by the member that OpenAI has for it. */
        public boolean refuses() {
            return !message().get("refusal").text().isEmpty() && text().isEmpty();
        }

        /** Whether it was cut by its length. */
        public boolean cut() {
            return choice.get("finish_reason").text().equals("length");
        }

        /** The calls of functions, in order; other tools' calls are not among them. */
        public List<ToolCall> calls() {
            List<ToolCall> calls = new ArrayList<>();
            for (Json call : functionCalls()) {
                Json arguments = call.get("function").get("arguments");
                calls.add(new ToolCall(
                        call.get("id").text(),
                        call.get("function").get("name").text(),
                        arguments.isString() || arguments.isMissing() || arguments.isNull()
                                ? arguments.text()
                                : arguments.compact().toString()));
            }
            return calls;
        }

        private List<Json> functionCalls() {
            return message().get("tool_calls").elements().stream()
                    .filter(call -> call.get("function").isObject())
                    .toList();
        }

        /** Sets one of {@link #calls} to another. */
        public void setCall(int index, ToolCall call) {
            Json target = functionCalls().get(index);
            target.set("id", call.id());
            target.object("function").set("name", call.name()).set("arguments", call.arguments());
        }

        /** Sets calls that were found in the text, and what is left of it. */
        public void setCalls(List<ToolCall> calls, String rest) {
            Json message = choice.object("message");
            if (rest.isEmpty()) {
                message.setNull("content");
            } else {
                message.set("content", rest);
            }
            Json all = Json.array();
            for (ToolCall call : calls) {
                Json function = Json.object().set("name", call.name()).set("arguments", call.arguments());
                all.add(Json.object()
                        .set("id", call.id())
                        .set("type", "function")
                        .set("function", function));
            }
            message.set("tool_calls", all);
            choice.set("finish_reason", "tool_calls");
        }

        /** Makes the arguments of the first call the text, and takes the calls out. */
        public void callToText(String arguments) {
            setText(arguments);
            choice.object("message").remove("tool_calls");
            if (!cut()) {
                choice.set("finish_reason", "stop");
            }
        }
    }

    public List<Choice> choices() {
        return choices;
    }

    /** Merges members, a JSON object, into the {@code gateway} object. */
    public void addGateway(String members) {
        Json gateway = root.object("gateway");
        Json.of(members).members(gateway::set);
    }

    /** As a plain body. */
    public Buffer json() {
        return root.isChanged() ? root.buffer() : came;
    }

    /**
     * As a plain reply.
     *
     * @param spent what the exchange's account counts, whatever the answer itself says
     */
    public Frame plain(Usage spent) {
        return counted(Frame.answer(json()), spent);
    }

    /**
     * As a stream.
     *
     * @param spent what the exchange's account counts, whatever the answer itself says
     * @param usageWanted whether the client wants the answer's own counts
     */
    public Frame stream(Usage spent, boolean usageWanted) {
        Frame.Builder frame = new Frame.Builder();
        PlainChat.chunks(json()).forEach(frame::add);
        Frame all = frame.done().frame();
        return counted(usageWanted ? all : all.withhold(StreamEvent::usageOnly), spent);
    }

    private static Frame counted(Frame frame, Usage spent) {
        List<StreamEvent> events = frame.events().stream()
                .map(event -> event.usage().known() ? event.withUsage(spent) : event)
                .toList();
        return new Frame(frame.bytes(), events);
    }
}
