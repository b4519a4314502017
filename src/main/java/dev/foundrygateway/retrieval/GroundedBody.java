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
    private boolean told;

    GroundedBody(Grounding grounding) {
        this.grounding = grounding;
    }

    /** The next frame: as it came, but for the one at which the answer ends. */
    Frame next(Frame frame) {
        if (told) {
            return frame;
        }
        Optional<StreamEvent> place = ReplyDocument.place(frame);
        for (int i = 0; i < frame.events().size() && answer.length() < MAX_ANSWER; i++) {
            StreamEvent event = frame.events().get(i);
            if (event.answer() && event.to() > event.from() && place.filter(event::equals).isEmpty()) {
                ReplyDocument.of(frame, event).ifPresent(chunk -> answer.append(chunk.text()));
            }
        }
        if (place.isEmpty()) {
            return frame;
        }
        told = true;
        return ReplyDocument.edit(frame, place.get()::equals, last -> tell(last.document()));
    }

    private void tell(ReplyDocument last) {
        answer.append(last.text());
        int given = grounding.prompt().given().size();
        Citations citations = Citations.in(answer.toString(), given);
        if (given > 0 && grounding.wish().wants("text")) {
            last.setText(last.text() + SourcesReport.text(grounding));
        }
        if (given > 0 && grounding.wish().wants("annotations")) {
            last.setAnnotations(SourcesReport.annotations(grounding, citations, answer.toString()));
        }
        last.addGateway(SourcesReport.members(grounding, citations));
    }
}
