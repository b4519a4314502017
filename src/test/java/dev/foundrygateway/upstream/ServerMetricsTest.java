package dev.foundrygateway.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.foundrygateway.exchange.ServerPages.Page;
import dev.foundrygateway.upstream.foundry.ModelServers.Answer;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which server is asked for its metrics, how often, and whose the answers are. */
class ServerMetricsTest {
    private static final String URL = "http://127.0.0.1:5273/v1";

    /** Whom the metrics asked, in turn, and where the answers go. */
    private final List<String> asked = new ArrayList<>();

    private final List<Promise<Answer>> answers = new ArrayList<>();

    private ServerMetrics metrics(Upstream... upstreams) {
        return new ServerMetrics(
                List.of(upstreams),
                (upstream, address) -> {
                    asked.add(upstream.name() + " " + address.host());
                    Promise<Answer> answer = Promise.promise();
                    answers.add(answer);
                    return answer.future();
                },
                upstream -> ListedModels.NONE);
    }

    private static Upstream upstream(String name, String... settings) {
        return new Upstream(
                name,
                ConfiguredUpstreams.foundry(URL, settings).config(),
                List.of(UpstreamAddress.parse("url", URL)),
                false,
                System::nanoTime);
    }

    private void answer(int call, int status, String text) {
        answers.get(call).complete(new Answer(status, Buffer.buffer(text)));
    }

    @Test
    void twoUpstreamsOfOneAddressAreAskedEachAndAllAskersShareTheirAnswers() {
        ServerMetrics metrics = metrics(upstream("a", "metrics", "true"), upstream("b", "metrics", "true"));
        Future<List<Page>> one = metrics.pages();
        Future<List<Page>> other = metrics.pages();
        assertEquals(List.of("a 127.0.0.1", "b 127.0.0.1"), asked);
        answer(1, 200, "x 2");
        assertFalse(one.isComplete());
        answer(0, 200, "x 1");
        List<Page> pages = List.of(new Page("a", "", "", "x 1"), new Page("b", "", "", "x 2"));
        assertEquals(pages, one.result());
        assertEquals(pages, other.result());
        metrics.pages();
        assertEquals(4, asked.size(), "what has been told is not told again");
    }

    @Test
    void aServerThatFailsIsLeftOutAndOneWithoutTheSettingIsNotAsked() {
        ServerMetrics metrics = metrics(
                upstream("down", "metrics", "true"),
                upstream("none", "metrics", "true"),
                upstream("long", "metrics", "true"),
                upstream("silent"),
                upstream("well", "metrics", "true"));
        Future<List<Page>> pages = metrics.pages();
        assertEquals(4, asked.size());
        answers.get(0).fail("refused");
        answer(1, 404, "x 1");
        answer(2, 200, "#".repeat((1 << 20) + 1));
        answer(3, 200, "x 4");
        assertEquals(List.of(new Page("well", "", "", "x 4")), pages.result());
    }

    @Test
    void ofSeveralAddressesEachIsAskedAndNamed() {
        Future<List<Page>> pages = metrics(
                        ConfiguredUpstreams.foundry(URL, "metrics", "true", "urls", "http://127.0.0.2:81"))
                .pages();
        assertEquals(List.of("foundry 127.0.0.1", "foundry 127.0.0.2"), asked);
        answer(0, 200, "x 1");
        answer(1, 200, "x 2");
        assertEquals(
                List.of(
                        new Page("foundry", "", "127.0.0.1:5273", "x 1"),
                        new Page("foundry", "", "127.0.0.2:81", "x 2")),
                pages.result());
    }
}
