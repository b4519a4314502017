package dev.foundrygateway.retrieval.read;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * Bytes as text: UTF-8, UTF-16 with its mark or without, else what the bytes themselves speak for: GBK, Shift-JIS or, where few of them are above ASCII or
 * all are letters of western words, windows-1252 or its relatives; texts in Cyrillic or Greek letters in their tables. Bytes that speak for nothing are refused.
 */
final class PlainText {
    private static final int MAX_SNIFFED = 8_192;
    /** Four characters, in bytes. */
    private static final int SEVERAL_PAIRS = 8;

    private static final int TWO_PAIRS = 4;

    /** Japanese has three, and names of others. */
    private static final int MOST_SCRIPTS = 4;

    private static final double MOSTLY = .8;

    /** What stands for nothing in windows-1252. */
    private static final String NO_LETTER = "\u0081\u008d\u008f\u0090\u009d";

    /** A constant, so that the native program has it: by name it has only those that every platform must have. */
    static final Charset WINDOWS = Charset.forName("windows-1252");

    /** The places of the Polish letters that are signs in the western table. */
    private static final String POLISH_WINDOWS = "\u008c\u009c\u008f\u009f\u00a3\u00b3\u00a5\u00b9\u00af\u00bf";

    private static final String POLISH_ISO = "\u00a1\u00b1\u00a6\u00b6\u00ac\u00bc\u00a3\u00b3\u00af\u00bf";

    private PlainText() {}

    static String of(byte[] bytes) throws UnreadableFileException {
        return of(bytes, "");
    }

    /** The same for a file that may say itself what it is in: believed where it is not UTF-8, and can be read so. */
    static String of(byte[] bytes, String declared) throws UnreadableFileException {
        if (bytes.length >= 2 && (bytes[0] & 0xff) + (bytes[1] & 0xff) == 0xff + 0xfe) {
            // With its byte order mark the decoder sees which end comes first.
            return new String(bytes, StandardCharsets.UTF_16);
        }
        int sniffed = Math.min(bytes.length, MAX_SNIFFED);
        int evenZeros = zeros(bytes, 0, sniffed);
        int oddZeros = zeros(bytes, 1, sniffed);
        if (evenZeros + oddZeros > 0) {
            // In UTF-16 the half of an ASCII letter is zero, always the same half.
            boolean big = evenZeros > sniffed / 8 && oddZeros == 0;
            boolean little = oddZeros > sniffed / 8 && evenZeros == 0;
            if (big || little) {
                Optional<String> wide = strictly(bytes, big ? StandardCharsets.UTF_16BE : StandardCharsets.UTF_16LE);
                if (wide.filter(text -> text.chars().noneMatch(PlainText::isControl))
                        .isPresent()) {
                    return wide.get();
                }
            }
            Optional<String> foreign = evenZeros == 0 || oddZeros == 0
                    ? strictly(bytes, oddZeros == 0 ? StandardCharsets.UTF_16BE : StandardCharsets.UTF_16LE)
                    : Optional.empty();
            if (foreign.filter(PlainText::isForeignText).isPresent()) {
                return foreign.get();
            }
            throw new UnreadableFileException(
                    "the file is binary and of no kind that is read: text, Markdown, HTML, CSV, JSON, PDF");
        }
        Optional<String> text = strictly(bytes, StandardCharsets.UTF_8);
        if (text.isPresent()) {
            return text.get().startsWith("\uFEFF") ? text.get().substring(1) : text.get();
        }
        Optional<String> own = declared(declared).flatMap(charset -> strictly(bytes, charset));
        return own.isPresent() ? own.get() : old(bytes);
    }

    /** Pages that say Latin-1 are in windows-1252, as browsers know. */
    private static Optional<Charset> declared(String name) {
        if (name.isEmpty()) {
            return Optional.empty();
        }
        Optional<Charset> charset = named(name);
        return charset.filter(StandardCharsets.ISO_8859_1::equals).isPresent() ? Optional.of(WINDOWS) : charset;
    }

    /** Whether it is text of another alphabet in UTF-16, where only blanks, digits and signs have a zero: numbers would be letters of all scripts. */
    private static boolean isForeignText(String text) {
        Set<Character.UnicodeScript> scripts = EnumSet.noneOf(Character.UnicodeScript.class);
        int words = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (isControl(c)) {
                return false;
            }
            if (Character.isLetter(c)) {
                scripts.add(Character.UnicodeScript.of(c));
            }
            words += Character.isLetterOrDigit(c) || Character.isWhitespace(c) ? 1 : 0;
        }
        return scripts.size() <= MOST_SCRIPTS && words >= MOSTLY * text.length();
    }

    private static String old(byte[] bytes) throws UnreadableFileException {
        Optional<String> alphabet =
                OtherAlphabets.of(bytes).flatMap(PlainText::named).flatMap(charset -> strictly(bytes, charset));
        if (alphabet.isPresent()) {
            return alphabet.get();
        }
        long high = 0;
        for (byte one : bytes) {
            high += one < 0 ? 1 : 0;
        }
        boolean brief = bytes.length <= WesternWords.MAX_LENGTH;
        if (brief && WesternWords.all(new String(bytes, WINDOWS))) {
            return european(bytes);
        }
        Optional<String> chinese = named("GBK").flatMap(charset -> strictly(bytes, charset));
        boolean common = chinese.isPresent() && common(bytes) > .7;
        if (high * 4 < bytes.length) {
            boolean doubtful = brief && table(bytes).equals(WINDOWS.name());
            if (common && inPairs(bytes, doubtful ? TWO_PAIRS : SEVERAL_PAIRS)) {
                return chinese.get(); // a comment in code, a name in a form
            }
            // Western languages have a letter above ASCII now and then.
            Optional<String> mixed = doubtful ? japanese(bytes) : Optional.empty();
            return mixed.isPresent() ? mixed.get() : european(bytes);
        }
        Optional<String> japanese = japanese(bytes);
        if (japanese.isPresent()) {
            return japanese.get();
        }
        Optional<String> korean = named("EUC-KR").flatMap(charset -> strictly(bytes, charset));
        // Its syllables have the places of the first half of the Chinese characters, and blanks between the words.
        if (korean.isPresent() && korean.get().contains(" ") && share(korean.get(), '\uAC00', '\uD7A3') > .9) {
            return korean.get();
        }
        if (common) {
            return chinese.get();
        }
        throw untold();
    }

    /** Whether all that is above ASCII stands in runs of pairs, one of them at least so long: western letters stand alone. */
    private static boolean inPairs(byte[] bytes, int least) {
        int longest = 0;
        int run = 0;
        boolean same = true;
        for (int i = 0; i <= bytes.length; i++) {
            if (i < bytes.length && bytes[i] < 0) {
                same = run == 0 || (same && bytes[i] == bytes[i - 1]);
                run++;
            } else {
                if (run % 2 == 1) {
                    return false;
                }
                // One sign again and again is a line that divides.
                longest = same ? longest : Math.max(longest, run);
                run = 0;
            }
        }
        return longest >= least;
    }

    /** Of those that no text has: numbers in a row look like wide characters. */
    private static boolean isControl(int c) {
        return c < ' ' && c != '\t' && c != '\n' && c != '\r' && c != '\f';
    }

    /** Shift-JIS with a good share of syllables, whose bytes are of nothing else. */
    private static Optional<String> japanese(byte[] bytes) {
        return named("Shift_JIS")
                .flatMap(charset -> strictly(bytes, charset))
                .filter(text -> share(text, '\u3041', '\u30FE') > .15);
    }

    private static String european(byte[] bytes) throws UnreadableFileException {
        long high = 0;
        long nothing = 0;
        for (byte one : bytes) {
            high += one < 0 ? 1 : 0;
            nothing += NO_LETTER.indexOf(one & 0xff) >= 0 ? 1 : 0;
        }
        String table = table(bytes);
        // Letters of an old Macintosh have these places.
        if (table.equals(WINDOWS.name()) && nothing * 20 > high) {
            throw untold();
        }
        return new String(bytes, named(table).orElse(WINDOWS));
    }

    private static UnreadableFileException untold() {
        return new UnreadableFileException(
                "the file's character set cannot be told: save it as UTF-8 and add it again");
    }

    /** Which of the tables it is that differ in a few letters of Polish, Czech, Hungarian or Turkish from the western one. */
    private static String table(byte[] bytes) {
        int[] counts = new int[256];
        for (byte one : bytes) {
            counts[one & 0xff]++;
        }
        // Polish letters have the places of signs, which do not stand between two letters.
        int windows = within(bytes, "\u00b9\u00b3\u00bf\u009f", POLISH_WINDOWS);
        int iso = within(bytes, "\u00b1\u00b3\u00b6\u00bc", POLISH_ISO);
        if (Math.max(windows, iso) > 1) {
            return iso > windows ? "ISO-8859-2" : "windows-1250";
        }
        // Czech has two letters that are of different languages in the western table, and lacks those beside them.
        boolean czech = counts[0xEC] > 0 && counts[0xF8] > 0 && sum(counts, 0xE0, 0xEA, 0xE6, 0xE5) == 0;
        // Slovak, Slovene and Croatian have these as often as the letter that is an e in French.
        int hooks = sum(counts, 0x9A, 0x9E);
        boolean slavic =
                hooks > 1 && counts[0xE8] > 0 && counts[0xE8] <= 2 * hooks && sum(counts, 0xE0, 0xEA, 0xE7, 0xE5) == 0;
        boolean hungarian =
                sum(counts, 0xF5, 0xFB) > 1 && sum(counts, 0xF6, 0xFC) > 1 && sum(counts, 0xE3, 0xEA, 0xE4) == 0;
        if (czech || slavic || hungarian) {
            return "windows-1250";
        }
        // Icelandic has these letters, too, and others beside them.
        boolean turkish =
                sum(counts, 0xFD, 0xFE, 0xF0, 0xDD) > 1 && sum(counts, 0xE1, 0xE9, 0xED, 0xF3, 0xFA, 0xE6) == 0;
        return turkish ? "windows-1254" : "windows-1252";
    }

    /** How often one of these stands within a word; beside a letter of ASCII, one of a table's Polish letters makes a word, too. */
    private static int within(byte[] bytes, String counted, String polish) {
        int within = 0;
        for (int i = 1; i + 1 < bytes.length; i++) {
            if (bytes[i] < 0 && counted.indexOf(bytes[i] & 0xff) >= 0) {
                byte before = bytes[i - 1];
                byte behind = bytes[i + 1];
                // Twice the same is a sign: Spanish may begin a question with two.
                boolean word = (isLetter(before) && isLetter(behind))
                        || (isAscii(before) && behind != bytes[i] && polish.indexOf(behind & 0xff) >= 0)
                        || (isAscii(behind) && before != bytes[i] && polish.indexOf(before & 0xff) >= 0);
                within += word ? 1 : 0;
            }
        }
        return within;
    }

    /** Whether it is one in all of these tables: what is below the last 64 is a sign in the western one. */
    private static boolean isLetter(byte letter) {
        return (letter & 0xff) >= 0xC0 || isAscii(letter);
    }

    private static boolean isAscii(byte letter) {
        return letter >= 0 && Character.isLetter(letter);
    }

    private static int sum(int[] counts, int... places) {
        int sum = 0;
        for (int place : places) {
            sum += counts[place];
        }
        return sum;
    }

    /** The share of the first level of GB 2312, the characters of daily use, among all pairs: in other tables these places hold what is rare. */
    private static double common(byte[] bytes) {
        int pairs = 0;
        int common = 0;
        for (int i = 0; i + 1 < bytes.length; i++) {
            int lead = bytes[i] & 0xff;
            if (lead >= 0x80) {
                int trail = bytes[++i] & 0xff;
                boolean mark = lead >= 0xA1 && lead <= 0xA3;
                pairs += mark ? 0 : 1;
                common += lead >= 0xB0 && lead <= 0xD7 && trail >= 0xA1 ? 1 : 0;
            }
        }
        return pairs == 0 ? 0 : (double) common / pairs;
    }

    private static double share(String text, char first, char last) {
        long letters = text.chars().filter(c -> c > 0x7f).count();
        long within = text.chars().filter(c -> c >= first && c <= last).count();
        return letters == 0 ? 0 : (double) within / letters;
    }

    private static int zeros(byte[] bytes, int from, int to) {
        int zeros = 0;
        for (int i = from; i < to; i += 2) {
            zeros += bytes[i] == 0 ? 1 : 0;
        }
        return zeros;
    }

    /** Empty where the program has no such charset: the native one has few. */
    private static Optional<Charset> named(String name) {
        return Charset.isSupported(name) ? Optional.of(Charset.forName(name)) : Optional.empty();
    }

    private static Optional<String> strictly(byte[] bytes, Charset charset) {
        try {
            return Optional.of(charset.newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(bytes))
                    .toString());
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }
}
