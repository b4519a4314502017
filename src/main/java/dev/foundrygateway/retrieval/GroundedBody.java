package dev.foundrygateway.retrieval;

import dev.foundrygateway.openai.AnswerText;
import dev.foundrygateway.openai.ReplyEdit;
import dev.foundrygateway.openai.sse.Frame;

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
        if (answer.length() < MAX_ANSWER && (frame.hasToken() || ReplyEdit.isPlace(frame))) {
            answer.append(AnswerText.of(frame));
        }
        if (!ReplyEdit.isPlace(frame)) {
            return frame;
        }
        told = true;
        int given = grounding.prompt().given().size();
        Citations citations = Citations.in(answer.toString(), given);
        Frame edited = frame;
        if (given > 0 && grounding.wish().wants("text")) {
            edited = ReplyEdit.withText(edited, SourcesReport.text(grounding));
        }
        if (given > 0 && grounding.wish().wants("annotations")) {
            edited = ReplyEdit.withAnnotations(
                    edited, SourcesReport.annotations(grounding, citations, answer.toString()));
        }
        return ReplyEdit.withGateway(edited, SourcesReport.members(grounding, citations));
    }
}
