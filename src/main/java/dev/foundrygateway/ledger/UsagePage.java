package dev.foundrygateway.ledger;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One page of an answer in OpenAI's form, a bucket for each day, and what its buckets are split by.
 *
 * @param first its first day
 * @param last its last day
 * @param next the name of the page behind it; empty if there is none
 * @param byKey whether each API key has a result of its own
 * @param byModel whether each model has one
 * @param keys the API keys that are meant; empty for all
 * @param models the models that are meant, in lower case; empty for all
 * @see <a href="https://platform.openai.com/docs/api-reference/usage/completions">OpenAI, completions usage</a>
 */
record UsagePage(
        LocalDate first,
        LocalDate last,
        Optional<String> next,
        boolean byKey,
        boolean byModel,
        Set<String> keys,
        Set<String> models) {
    /** The parameters that are lists. */
    static final Set<String> LISTS = Set.of("group_by", "api_key_ids", "models");
    /** The parameters that are for this form alone. */
    static final List<String> NAMES = List.of("group_by", "limit", "page", "api_key_ids", "models");

    private static final Set<String> GROUPS = Set.of("api_key_id", "model");
    private static final String PREFIX = "page_";
    /** OpenAI's numbers for buckets of a day. */
    private static final int DAYS = 7;

    private static final int MOST_DAYS = 31;

    /**
     * All of an answer in another form.
     *
     * @throws dev.foundrygateway.exchange.GatewayException for a parameter that is for OpenAI's form alone
     */
    static UsagePage whole(Map<String, String> parameters, LocalDate from, LocalDate to) {
        NAMES.stream().filter(parameters::containsKey).findFirst().ifPresent(name -> {
            throw UsageQuery.wrong(name, name + " needs format=openai");
        });
        return new UsagePage(from, to, Optional.empty(), true, true, Set.of(), Set.of());
    }

    /**
     * Out of the parameters of a request for these days.
     *
     * @throws dev.foundrygateway.exchange.GatewayException for a value that is none
     */
    static UsagePage of(Map<String, String> parameters, LocalDate from, LocalDate to) {
        Set<String> groups = list(parameters.getOrDefault("group_by", ""));
        if (!GROUPS.containsAll(groups)) {
            throw UsageQuery.wrong(
                    "group_by", "group_by must be api_key_id, model or both: usage is kept by nothing else");
        }
        LocalDate first = first(parameters, from, to);
        LocalDate behind = first.plusDays(limit(parameters));
        boolean more = !behind.isAfter(to);
        return new UsagePage(
                first,
                more ? behind.minusDays(1) : to,
                more ? Optional.of(PREFIX + behind) : Optional.empty(),
                groups.contains("api_key_id"),
                groups.contains("model"),
                list(parameters.getOrDefault("api_key_ids", "")),
                list(parameters.getOrDefault("models", "").toLowerCase(Locale.ROOT)));
    }

    private static Set<String> list(String text) {
        return Stream.of(text.split(",", -1))
                .map(String::strip)
                .filter(one -> !one.isEmpty())
                .collect(Collectors.toUnmodifiableSet());
    }

    private static LocalDate first(Map<String, String> parameters, LocalDate from, LocalDate to) {
        String page = parameters.get("page");
        if (page == null) {
            return from;
        }
        try {
            LocalDate first = LocalDate.parse(page.startsWith(PREFIX) ? page.substring(PREFIX.length()) : "");
            if (!first.isBefore(from) && !first.isAfter(to)) {
                return first;
            }
        } catch (DateTimeException e) {
            // Said below.
        }
        throw UsageQuery.wrong("page", "page must be the next_page of an answer about the same days");
    }

    private static int limit(Map<String, String> parameters) {
        String limit = parameters.getOrDefault("limit", String.valueOf(DAYS));
        if (!limit.matches("\\d{1,2}") || Integer.parseInt(limit) < 1 || Integer.parseInt(limit) > MOST_DAYS) {
            throw UsageQuery.wrong("limit", "limit must be a number of days from 1 to " + MOST_DAYS);
        }
        return Integer.parseInt(limit);
    }

    /** Whether a row is of what is meant. */
    boolean means(UsageRow row) {
        return (keys.isEmpty() || keys.contains(row.key()))
                && (models.isEmpty() || models.contains(row.model().toLowerCase(Locale.ROOT)));
    }

    /** The row without what the page isn't split by. */
    UsageRow grouped(UsageRow row) {
        return new UsageRow(row.day(), byKey ? row.key() : "", byModel ? row.model() : "", row.requests(), row.spent());
    }
}
