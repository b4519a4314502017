package dev.foundrygateway.retrieval;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The {@code [n]} in an answer, checked against the sources that were given.
 *
 * @param places those that stand for a source
 * @param unknown numbers of sources that were never given
 */
record Citations(List<Place> places, SortedSet<Integer> unknown) {
    private static final Pattern NUMBERS = Pattern.compile("\\[(\\d{1,3}(?:\\s{0,3}[,;]\\s{0,3}\\d{1,3}){0,50})]");
    private static final Pattern NUMBER = Pattern.compile("\\d+");

    /**
     * One citation.
     *
     * @param source the source's number, from 1
     * @param from its first character in the answer
     * @param to one past its last
     */
    record Place(int source, int from, int to) {}

    /** Finds them in an answer to which so many sources were given. */
    static Citations in(String answer, int sources) {
        List<Place> places = new ArrayList<>();
        SortedSet<Integer> unknown = new TreeSet<>();
        Matcher brackets = NUMBERS.matcher(answer);
        while (brackets.find()) {
            Matcher numbers = NUMBER.matcher(brackets.group(1));
            while (numbers.find()) {
                int number = Integer.parseInt(numbers.group());
                if (number >= 1 && number <= sources) {
                    places.add(new Place(number, brackets.start(), brackets.end()));
                } else {
                    unknown.add(number);
                }
            }
        }
        return new Citations(places, unknown);
    }

    /** Whether that source was cited. */
    boolean cites(int source) {
        return places.stream().anyMatch(place -> place.source() == source);
    }
}
