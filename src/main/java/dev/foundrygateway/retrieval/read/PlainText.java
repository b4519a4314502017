package dev.foundrygateway.retrieval.read;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Bytes as text: UTF-8, UTF-16 with its mark or without, else what the bytes themselves speak for: GBK, Shift-JIS or, where few of them are above ASCII,
 * windows-1252 or its relatives. Bytes that speak for nothing are refused.
 */
final class PlainText {
    private static final int MAX_SNIFFED = 8_192;

    /** A constant, so that the native program has it: by name it has only those that every platform must have. */
    static final Charset WINDOWS = Charset.forName("windows-1252");

    private PlainText() {}

    static String of(byte[] bytes) throws UnreadableFileException {
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
                if (wide.isPresent()) {
                    return wide.get();
                }
            }
            throw new UnreadableFileException(
                    "the file is binary and of no kind that is read: text, Markdown, HTML, CSV, JSON, PDF");
        }
        Optional<String> text = strictly(bytes, StandardCharsets.UTF_8);
        if (text.isPresent()) {
            return text.get().startsWith("\uFEFF") ? text.get().substring(1) : text.get();
        }
        return old(bytes);
    }

    private static String old(byte[] bytes) throws UnreadableFileException {
        long high = 0;
        for (byte one : bytes) {
            high += one < 0 ? 1 : 0;
        }
        if (high * 4 < bytes.length) {
            // Western languages have a letter above ASCII now and then.
            return new String(bytes, named(european(bytes)).orElse(WINDOWS));
        }
        Optional<String> japanese = named("Shift_JIS").flatMap(charset -> strictly(bytes, charset));
        if (japanese.isPresent() && share(japanese.get(), '\u3041', '\u30FE') > .15) {
            return japanese.get();
        }
        Optional<String> chinese = named("GBK").flatMap(charset -> strictly(bytes, charset));
        if (chinese.isPresent() && common(bytes) > .7) {
            return chinese.get();
        }
        throw new UnreadableFileException("the file's character set cannot be told: save it as UTF-8 and add it again");
    }

    /** Which of the tables it is that differ in a few letters of Polish, Czech, Hungarian or Turkish from the western one. */
    private static String european(byte[] bytes) {
        int[] counts = new int[256];
        int[] within = new int[256];
        for (int i = 0; i < bytes.length; i++) {
            counts[bytes[i] & 0xff]++;
            boolean word = i > 0 && i + 1 < bytes.length && isLetter(bytes[i - 1]) && isLetter(bytes[i + 1]);
            within[bytes[i] & 0xff] += word ? 1 : 0;
        }
        // Polish letters have the places of signs, which do not stand between two letters.
        int windows = sum(within, 0xB9, 0xB3, 0xBF, 0x9F);
        int iso = sum(within, 0xB1, 0xB3, 0xB6, 0xBC);
        if (Math.max(windows, iso) > 1) {
            return iso > windows ? "ISO-8859-2" : "windows-1250";
        }
        boolean czech = sum(counts, 0x9A, 0x9E) > 0 && sum(counts, 0xEC, 0xF8, 0xE8) > 0;
        boolean hungarian = sum(counts, 0xF5, 0xFB) > 1 && sum(counts, 0xF6, 0xFC) > 1 && sum(counts, 0xE3, 0xEA) == 0;
        if (czech || hungarian) {
            return "windows-1250";
        }
        // Icelandic has these letters, too, and others beside them.
        boolean turkish =
                sum(counts, 0xFD, 0xFE, 0xF0, 0xDD) > 1 && sum(counts, 0xE1, 0xE9, 0xED, 0xF3, 0xFA, 0xE6) == 0;
        return turkish ? "windows-1254" : "windows-1252";
    }

    private static boolean isLetter(byte letter) {
        return letter < 0 || Character.isLetter(letter);
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
