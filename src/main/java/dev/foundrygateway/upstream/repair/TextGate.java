package dev.foundrygateway.upstream.repair;

import java.util.List;

/**
 * Text on its way out, in pieces cut anywhere, that is looked through for markers: an end that may be the beginning of a marker waits until it is clear
 * whether it is.
 */
final class TextGate {
    private final List<String> markers;
    private String waiting = "";
    private boolean found;

    /**
     * A gate.
     *
     * @param markers none of them empty
     */
    TextGate(List<String> markers) {
        this.markers = markers;
    }

    /** Takes the next piece and gives what may go out: all before the first marker. Not to be called once one was found. */
    String feed(String piece) {
        String text = waiting + piece;
        int first = text.length();
        for (String marker : markers) {
            int at = text.indexOf(marker);
            if (at >= 0 && at < first) {
                first = at;
                found = true;
            }
        }
        int open = found ? first : text.length() - longestBeginning(text);
        waiting = text.substring(open);
        return text.substring(0, open);
    }

    boolean found() {
        return found;
    }

    /** What waits: from the marker on if one was found. The gate is empty afterwards. */
    String rest() {
        String rest = waiting;
        waiting = "";
        return rest;
    }

    private int longestBeginning(String text) {
        int longest = 0;
        for (String marker : markers) {
            for (int length = Math.min(marker.length() - 1, text.length()); length > longest; length--) {
                if (text.startsWith(marker.substring(0, length), text.length() - length)) {
                    longest = length;
                }
            }
        }
        return longest;
    }
}
