package dev.foundrygateway.upstream.repair;

import dev.foundrygateway.upstream.UpstreamAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What {@code foundry service status} and {@code foundry server status} print: somewhere in it the address of the service. */
public final class StatusText {
    private static final Pattern URL = Pattern.compile("https?://(?:\\[[0-9a-fA-F:]+]|[A-Za-z0-9.-]+):\\d{1,5}");

    private StatusText() {}

    /**
     * The addresses in the text, in order.
     *
     * @param own tells the gateway's own address, which a {@code foundry} command for old SDKs prints
     */
    public static List<UpstreamAddress> addresses(String text, Predicate<UpstreamAddress> own) {
        List<UpstreamAddress> found = new ArrayList<>();
        Matcher url = URL.matcher(text);
        while (url.find()) {
            UpstreamAddress address = UpstreamAddress.parse("the address that the foundry command prints", url.group());
            if (!own.test(address) && !found.contains(address)) {
                found.add(address);
            }
        }
        return found;
    }
}
