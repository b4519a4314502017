package dev.foundrygateway.retrieval.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.foundrygateway.exchange.GatewayException;
import dev.foundrygateway.openai.ErrorCode;
import dev.foundrygateway.retrieval.PromptText;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * One page of a list, in OpenAI's shape.
 *
 * @param object always {@code list}
 * @param data the entries
 * @param firstId the first entry's id; null if there is none
 * @param lastId the last entry's id, where the next page goes on; null if there is none
 * @param hasMore whether there are more behind it
 */
@RegisterForReflection
public record Page<T>(
        @JsonProperty("object") String object,
        @JsonProperty("data") List<T> data,
        @JsonProperty("first_id") @Nullable String firstId,
        @JsonProperty("last_id") @Nullable String lastId,
        @JsonProperty("has_more") boolean hasMore) {
    /**
     * The limit that a query names.
     *
     * @param query as it came; null for the usual one
     */
    static int limit(@Nullable String query, int usual, int most) {
        int limit;
        try {
            limit = query == null ? usual : Integer.parseInt(query.strip());
        } catch (NumberFormatException e) {
            limit = 0;
        }
        if (limit < 1 || limit > most) {
            throw new GatewayException(
                    ErrorCode.INVALID_REQUEST, "limit must be a whole number from 1 to " + most, "limit");
        }
        return limit;
    }

    /** Whether entries come newest first: {@code desc}, the default, or {@code asc}. */
    static boolean newestFirst(@Nullable String order) {
        if (order != null && !order.equals("asc") && !order.equals("desc")) {
            throw new GatewayException(ErrorCode.INVALID_REQUEST, "order must be asc or desc", "order");
        }
        return !"asc".equals(order);
    }

    /**
     * A whole list.
     *
     * @param oldestFirst all entries
     * @param shown which of them are asked for
     * @param gone how many entries stood before one that was deleted lately; -1 where it is not known
     */
    record Listed<T>(List<T> oldestFirst, Function<T, String> id, Predicate<T> shown, ToIntFunction<String> gone) {}

    /** How many entries of the list, in the order asked for, come before what is behind that one, or before it itself. */
    private static <T> int place(Listed<T> list, boolean newest, String wanted, boolean behind, String field) {
        List<T> all = list.oldestFirst();
        for (int i = 0; i < all.size(); i++) {
            if (list.id().apply(all.get(i)).equals(wanted)) {
                return (newest ? all.size() - 1 - i : i) + (behind ? 1 : 0);
            }
        }
        int gone = list.gone().applyAsInt(wanted);
        if (gone >= 0) {
            return newest ? all.size() - gone : gone;
        }
        throw new GatewayException(
                ErrorCode.INVALID_REQUEST,
                field + " must be the id of an entry of this list; there is no " + PromptText.clean(wanted),
                field);
    }

    /**
     * Cuts a page out of a list.
     *
     * @param limit how many at most, as {@link #limit} gives it
     * @param order {@code asc} or {@code desc}, the default
     * @param view asked for the entries of the page alone
     */
    static <T, V> Page<V> of(
            Listed<T> list,
            int limit,
            @Nullable String order,
            @Nullable String after,
            @Nullable String before,
            Function<T, V> view) {
        List<T> all = new ArrayList<>(list.oldestFirst());
        boolean newest = newestFirst(order);
        if (newest) {
            Collections.reverse(all);
        }
        int from = after == null ? 0 : place(list, newest, after, true, "after");
        int to = before == null ? all.size() : place(list, newest, before, false, "before");
        // What is not shown has a place, too: an entry may have changed since it was the last of a page.
        List<T> rest = all.subList(Math.min(from, to), to).stream()
                .filter(list.shown())
                .toList();
        int skipped = after == null && before != null ? Math.max(0, rest.size() - limit) : 0;
        return cut(rest.subList(skipped, rest.size()), list.id(), limit, view);
    }

    /**
     * The first of these entries.
     *
     * @param rest as many as there are, or one more than the page has
     */
    static <T, V> Page<V> cut(List<T> rest, Function<T, String> id, int limit, Function<T, V> view) {
        List<T> page = rest.subList(0, Math.min(limit, rest.size()));
        return new Page<>(
                "list",
                page.stream().map(view).toList(),
                page.isEmpty() ? null : id.apply(page.get(0)),
                page.isEmpty() ? null : id.apply(page.get(page.size() - 1)),
                page.size() < rest.size());
    }
}
