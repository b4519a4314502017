package dev.foundrygateway.retrieval;

import dev.foundrygateway.openai.ReplyDocument;
import dev.foundrygateway.openai.sse.Frame;
import dev.foundrygateway.openai.sse.StreamEvent;
import java.util.Optional;

/** One reply's body on its way out: listens to the answer, and adds the sources where it ends. One per reply; confined to its event loop. */
final class GroundedBody {
    /** Citations are looked for in so much of an answer. */
    private static final int MAX_ANSWER = 1 << 20;

    private final Grounding grounding;
    private final StringBuilder answer = new StringBuilder();
    /** How much of the answer has its annotations. */
    private int annotated;

    private boolean told;

    GroundedBody(Grounding grounding) {
        this.grounding = grounding;
    }

    /** The next frame: as it came, but for the one at which the answer ends and the first one that calls a tool. */
    Frame next(Frame frame) {
        if (told) {
            return frame;
        }
        Optional<StreamEvent> place = ReplyDocument.place(frame);
        Frame heard = ReplyDocument.edit(
                frame,
                event -> event.answer() && place.filter(event::equals).isEmpty() && answer.length() < MAX_ANSWER,
                chunk -> hear(chunk.document()));
        return ReplyDocument.place(heard)
                .map(last -> {
                    told = true;
                    return ReplyDocument.edit(heard, last::equals, edited -> tell(edited.document()));
                })
                .orElse(heard);
    }

    private void hear(ReplyDocument chunk) {
        answer.append(chunk.text());
        // A text ends where a call begins: other protocols take no annotation of it later.
        if (chunk.hasToolCalls() && answer.length() > annotated) {
            annotate(
                    chunk,
                    Citations.in(answer.toString(), grounding.prompt().given().size()));
        }
    }

    private void annotate(ReplyDocument chunk, Citations citations) {
        if (!grounding.prompt().given().isEmpty() && grounding.wish().wants("annotations")) {
            chunk.setAnnotations(SourcesReport.annotations(grounding, citations, annotated, answer.toString()));
        }
        annotated = answer.length();
    }

    private void tell(ReplyDocument last) {
        answer.append(last.text());
        int given = grounding.prompt().given().size();
        Citations citations = Citations.in(answer.toString(), given);
        if (given > 0 && grounding.wish().wants("text")) {
            last.setText(last.text() + SourcesReport.text(grounding));
        }
        if (annotated == 0 || answer.length() > annotated) {
            annotate(last, citations);
        }
        last.addGateway(SourcesReport.members(grounding, citations));
    }
}
