package dev.foundrygateway.retrieval.read;

import dev.foundrygateway.retrieval.read.OfficeParts.Elements;
import dev.foundrygateway.retrieval.read.XmlEvents.Attributes;
import java.math.BigDecimal;
import java.math.MathContext;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How a sheet shows its numbers: as dates, as percentages, with their currency, or as they are. Listens to the workbook's styles. */
final class CellFormats extends Elements {
    /** A number in quotes, in brackets or behind a backslash is a word, not a part of the date. */
    private static final Pattern WORDS = Pattern.compile("\"[^\"]*+\"|\\[[^\\]]*+\\]|\\\\.|_.");

    /** As Excel has it; a longer one is looked at for every cell. */
    private static final int MAX_CODE = 255;

    private static final int MOST_FORMATS = 65_536;
    private static final Pattern TIME_PASSED = Pattern.compile("(?i)\\[(?:h+|m+|s+)\\]");
    /** The dollar of a bracket stands for none: behind it is a currency, or a language alone. */
    private static final Pattern CURRENCY =
            Pattern.compile("\\[\\$([^\\]-]{1,5})[^\\]]*+\\]|(?<!\\[)[$\u20ac\u00a3\u00a5]");

    private static final int ELAPSED = 46;

    private static final int LAST_DAY = 2_958_465;
    private static final int LEAP_BUG = 60;

    private final Map<Integer, String> codes = new HashMap<>();
    private final List<Integer> formats = new ArrayList<>();
    private boolean cells;
    private boolean from1904;

    @Override
    public boolean start(String name, Attributes attributes) {
        if (name.equals("numFmt")) {
            String code = attributes.get("formatCode");
            if (codes.size() < MOST_FORMATS) {
                codes.put(
                        attributes.number("numFmtId", 0, Integer.MAX_VALUE, 0), code.length() <= MAX_CODE ? code : "");
            }
        } else if (name.equals("xf") && cells && formats.size() < MOST_FORMATS) {
            formats.add(attributes.number("numFmtId", 0, Integer.MAX_VALUE, 0));
        } else if (name.equals("cellXfs")) {
            cells = true;
        }
        return true;
    }

    @Override
    public void end(String name) {
        cells &= !name.equals("cellXfs");
    }

    /** From when days are counted. */
    void countFrom1904(boolean wanted) {
        from1904 = wanted;
    }

    /**
     * A number as the sheet shows it, nearly.
     *
     * @param style which of the workbook's cell formats
     */
    String shown(String number, int style) {
        BigDecimal value;
        try {
            value = number.length() > 40 ? BigDecimal.ZERO : new BigDecimal(number.strip());
        } catch (NumberFormatException e) {
            return number;
        }
        if (number.length() > 40 || Math.abs((long) value.scale() - value.precision()) > 400) {
            return number;
        }
        int format = style < formats.size() ? formats.get(style) : 0;
        String code = WORDS.matcher(codes.getOrDefault(format, "").toLowerCase(Locale.ROOT))
                .replaceAll("");
        String written = codes.getOrDefault(format, format == ELAPSED ? "[h]:mm:ss" : "");
        if (value.signum() >= 0
                && value.doubleValue() <= LAST_DAY
                && TIME_PASSED.matcher(written).find()) {
            return passed(value.doubleValue());
        }
        boolean date = codes.containsKey(format)
                ? code.matches("[^ydhms]*+[ydhms].*+") && !code.contains("general")
                : (format >= 14 && format <= 22) || (format >= 45 && format <= 47);
        double days = value.doubleValue();
        if (date && days >= 0 && days <= LAST_DAY) {
            return date(days);
        }
        boolean percent = format == 9 || format == 10 || code.contains("%");
        // Sixteen digits and more are the noise of binary fractions.
        BigDecimal round = value.round(new MathContext(15));
        return percent ? plain(round.movePointRight(2)) + "%" : withCurrency(plain(round), written);
    }

    private static String withCurrency(String number, String code) {
        Matcher sign = CURRENCY.matcher(code);
        if (!sign.find()) {
            return number;
        }
        String currency = (sign.group(1) == null ? sign.group() : sign.group(1)).strip();
        boolean before = code.substring(0, sign.start()).chars().noneMatch(c -> c == '0' || c == '#');
        return before && currency.length() == 1 ? currency + number : number + " " + currency;
    }

    /** Hours that may be more than a day has. */
    private static String passed(double days) {
        long seconds = Math.round(days * 86_400);
        String minutes = String.format(Locale.ROOT, "%d:%02d", seconds / 3_600, seconds / 60 % 60);
        return seconds % 60 == 0 ? minutes : minutes + String.format(Locale.ROOT, ":%02d", seconds % 60);
    }

    private String date(double days) {
        long whole = (long) days;
        long seconds = Math.round((days - whole) * 86_400);
        if (whole == 0 && !from1904) {
            return LocalDateTime.of(2000, 1, 1, 0, 0)
                    .plusSeconds(seconds)
                    .toLocalTime()
                    .toString();
        }
        // The first of these two calendars has a 29 February 1900.
        LocalDateTime time = from1904
                ? LocalDateTime.of(1904, 1, 1, 0, 0).plusDays(whole)
                : LocalDateTime.of(1899, 12, whole < LEAP_BUG ? 31 : 30, 0, 0).plusDays(whole);
        LocalDateTime exact = time.plusSeconds(seconds);
        return seconds == 0 || seconds == 86_400
                ? exact.toLocalDate().toString()
                : exact.toLocalDate() + " " + exact.toLocalTime();
    }

    private static String plain(BigDecimal value) {
        return value.signum() == 0 ? "0" : value.stripTrailingZeros().toPlainString();
    }
}
