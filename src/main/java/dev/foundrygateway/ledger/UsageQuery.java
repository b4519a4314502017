package dev.foundrygateway.ledger;

import dev.foundrygateway.exchange.GatewayException;
import dev.foundrygateway.openai.ErrorCode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What somebody wants to know. An empty text leaves its question open.
 *
 * @param from the first day, in UTC
 * @param to the last day
 * @param key the API key's name
 * @param model the model that was asked for; letter case doesn't matter
 * @param format the form of the answer
 * @param page what of it is wanted in OpenAI's form
 */
public record UsageQuery(LocalDate from, LocalDate to, String key, String model, Format format, UsagePage page)
        implements Predicate<UsageRow> {
    /** The forms of an answer. */
    public enum Format {
        JSON,
        CSV,
        /** That of OpenAI's organization usage. */
        OPENAI
    }

    private static final Pattern RANGE = Pattern.compile("([^;\\s]+)\\s*(?:;.*?\\bq=([01](?:\\.\\d{0,3})?).*|;.*)?");
    private static final int FIRST_YEAR = 1969;
    private static final int LAST_YEAR = 9999;
    private static final Set<String> NAMES =
            new TreeSet<>(List.of("from", "to", "start_time", "end_time", "bucket_width", "key", "model", "format"));

    static {
        NAMES.addAll(UsagePage.NAMES);
    }

    /**
     * Out of the parameters of a request. The days are those of this month where none is named, and those of the last day's month up to it where that alone is.
     *
     * @param accept the request's Accept; {@code text/csv} in it asks for CSV
     * @throws GatewayException for a name or a value that is none
     */
    public static UsageQuery of(Map<String, String> parameters, String accept, LocalDate today) {
        parameters.keySet().stream()
                .filter(name -> !NAMES.contains(name))
                .findFirst()
                .ifPresent(name -> {
                    throw wrong(name, name + " is not a parameter; the parameters are " + NAMES);
                });
        if (!parameters.getOrDefault("bucket_width", "1d").equals("1d")) {
            throw wrong("bucket_width", "bucket_width must be 1d: usage is kept by day");
        }
        // OpenAI's end is the first second that is not meant.
        LocalDate to = parameters.containsKey("end_time")
                ? LocalDate.ofInstant(instant(parameters, "end_time").minusSeconds(1), ZoneOffset.UTC)
                : day(parameters, "to", today);
        LocalDate first = to.isBefore(today) ? to.withDayOfMonth(1) : today.withDayOfMonth(1);
        LocalDate from = parameters.containsKey("start_time")
                ? second(parameters, "start_time")
                : day(parameters, "from", first);
        if (from.getYear() < FIRST_YEAR || to.getYear() > LAST_YEAR) {
            throw wrong("from", "days must be from " + FIRST_YEAR + " to " + LAST_YEAR);
        }
        if (to.isBefore(from)) {
            throw wrong("to", "to must not be before from");
        }
        Format format = format(parameters.getOrDefault("format", prefersCsv(accept) ? "csv" : "json"));
        return new UsageQuery(
                from,
                to,
                parameters.getOrDefault("key", ""),
                parameters.getOrDefault("model", ""),
                format,
                format == Format.OPENAI
                        ? UsagePage.of(parameters, from, to.isAfter(today) ? latest(from, today) : to)
                        : UsagePage.whole(parameters, from, to));
    }

    /** Of days that are to come there is nothing to page through. */
    private static LocalDate latest(LocalDate one, LocalDate other) {
        return one.isAfter(other) ? one : other;
    }

    /** Whether a parameter is a list, whose elements have a comma between them. */
    public static boolean isList(String parameter) {
        return UsagePage.LISTS.contains(parameter);
    }

    private static boolean prefersCsv(String accept) {
        double csv = quality(accept, "text/csv");
        double json = quality(accept, "application/json");
        return csv > json
                || (csv > 0 && csv == json && accept.indexOf("text/csv") < accept.indexOf("application/json"));
    }

    /** From 0 to 1; 0 for a type that is not named. */
    private static double quality(String accept, String type) {
        for (String one : accept.toLowerCase(Locale.ROOT).split(",", -1)) {
            Matcher matcher = RANGE.matcher(one.strip());
            if (matcher.matches() && matcher.group(1).equals(type)) {
                return matcher.group(2) == null ? 1 : Double.parseDouble(matcher.group(2));
            }
        }
        return 0;
    }

    private static Format format(String text) {
        try {
            return Format.valueOf(text.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw wrong("format", "format must be json, csv or openai");
        }
    }

    private static LocalDate day(Map<String, String> parameters, String name, LocalDate usual) {
        try {
            return parameters.containsKey(name) ? LocalDate.parse(parameters.get(name)) : usual;
        } catch (DateTimeException e) {
            throw wrong(name, name + " must be a day, such as " + usual);
        }
    }

    private static LocalDate second(Map<String, String> parameters, String name) {
        return LocalDate.ofInstant(instant(parameters, name), ZoneOffset.UTC);
    }

    private static Instant instant(Map<String, String> parameters, String name) {
        String text = parameters.getOrDefault(name, "");
        if (!text.matches("\\d{1,11}")) {
            throw wrong(name, name + " must be a time in seconds since 1970");
        }
        return Instant.ofEpochSecond(Long.parseLong(text));
    }

    static GatewayException wrong(String parameter, String message) {
        return new GatewayException(ErrorCode.INVALID_REQUEST, message, parameter);
    }

    /** The same, of one key alone. */
    public UsageQuery ofKey(String name) {
        return new UsageQuery(from, to, name, model, format, page);
    }

    /** The same, of the days of its page alone. */
    UsageQuery ofPage() {
        return new UsageQuery(page.first(), page.last(), key, model, format, page);
    }

    @Override
    public boolean test(UsageRow row) {
        return !row.day().isBefore(from)
                && !row.day().isAfter(to)
                && (key.isEmpty() || key.equals(row.key()))
                && (model.isEmpty() || model.equalsIgnoreCase(row.model()))
                && page.means(row);
    }
}
