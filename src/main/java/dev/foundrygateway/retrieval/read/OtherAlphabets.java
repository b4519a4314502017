package dev.foundrygateway.retrieval.read;

import java.nio.charset.Charset;
import java.util.List;
import java.util.Optional;

/**
 * Which of the tables it is that hold a whole alphabet above ASCII, Cyrillic or Greek: words don't mix it with ASCII, large letters don't follow small ones, and
 * its most frequent letters are the most frequent ones. Pure.
 */
final class OtherAlphabets {
    private static final int SAMPLE = 1 << 16;
    /** Fewer may be anything. */
    private static final int ENOUGH = 20;

    private static final double FEW = .05;
    private static final double SIGNS = .2;

    /** Two thirds of Russian text, and over half of Ukrainian, Bulgarian, Serbian and Macedonian. */
    private static final String CYRILLIC = "\u043e\u0435\u0430\u0438\u043d\u0442\u0441\u0440\u0432\u043b";

    private static final String GREEK =
            "\u03b1\u03bf\u03b9\u03b5\u03c4\u03c3\u03bd\u03b7\u03c5\u03c1\u03c0\u03ba\u03c2\u03ac\u03ad\u03af\u03cc\u03ae";

    private record Table(String charset, Character.UnicodeScript script, String common, double least) {}

    private static final List<Table> TABLES = List.of(
            new Table("windows-1251", Character.UnicodeScript.CYRILLIC, CYRILLIC, .5),
            new Table("KOI8-R", Character.UnicodeScript.CYRILLIC, CYRILLIC, .5),
            new Table("IBM866", Character.UnicodeScript.CYRILLIC, CYRILLIC, .5),
            new Table("windows-1253", Character.UnicodeScript.GREEK, GREEK, .65));

    private OtherAlphabets() {}

    /** The name of the table; empty where it is none of these, or the program has it not. */
    static Optional<String> of(byte[] bytes) {
        String best = "";
        double most = 0;
        for (Table table : TABLES) {
            if (Charset.isSupported(table.charset())) {
                double share = share(
                        new String(bytes, 0, Math.min(bytes.length, SAMPLE), Charset.forName(table.charset())), table);
                if (share >= table.least() && share > most) {
                    most = share;
                    best = table.charset();
                }
            }
        }
        return Optional.of(best).filter(name -> !name.isEmpty());
    }

    /** The share of the frequent letters among all of the alphabet; 0 where it is no text of that alphabet. */
    private static double share(String text, Table table) {
        int letters = 0;
        int common = 0;
        int small = 0;
        int signs = 0;
        int faults = 0;
        for (int i = 0; i < text.length(); i++) {
            char letter = text.charAt(i);
            char before = i == 0 ? ' ' : text.charAt(i - 1);
            if (letter < 0x80) {
                faults += Character.isLetter(letter) && before >= 0x80 && Character.isLetter(before) ? 1 : 0;
            } else if (!Character.isLetter(letter)) {
                signs++;
            } else {
                letters++;
                common += table.common().indexOf(Character.toLowerCase(letter)) >= 0 ? 1 : 0;
                small += Character.isLowerCase(letter) ? 1 : 0;
                boolean mixed = before < 0x80 && Character.isLetter(before);
                boolean large = Character.isUpperCase(letter) && Character.isLowerCase(before);
                boolean foreign = Character.UnicodeScript.of(letter) != table.script();
                faults += mixed || large || foreign ? 1 : 0;
            }
        }
        boolean told = letters >= ENOUGH
                // The large letters of KOI8-R have the places of the Hebrew ones.
                && 2 * small > letters
                && faults <= FEW * letters
                && signs <= SIGNS * letters;
        return told ? (double) common / letters : 0;
    }
}
