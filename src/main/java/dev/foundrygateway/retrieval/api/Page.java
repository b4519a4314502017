package dev.foundrygateway.retrieval.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.foundrygateway.exchange.GatewayException;
import dev.foundrygateway.openai.ErrorCode;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;
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

    private static int place(List<String> ids, String id, String field) {
        int place = ids.indexOf(id);
        if (place < 0) {
            throw new GatewayException(
                    ErrorCode.INVALID_REQUEST, field + " must be the id of an entry of this list", field);
        }
        return place;
    }

    /**
     * Cuts a page out of a list.
     *
     * @param oldestFirst all entries
     * @param limit how many at most, as {@link #limit} gives it
     * @param order {@code asc} or {@code desc}, the default
     */
    static <T> Page<T> of(
            List<T> oldestFirst,
            Function<T, String> id,
            int limit,
            @Nullable String order,
            @Nullable String after,
            @Nullable String before) {
        if (order != null && !order.equals("asc") && !order.equals("desc")) {
            throw new GatewayException(ErrorCode.INVALID_REQUEST, "order must be asc or desc", "order");
        }
        List<T> all = new ArrayList<>(oldestFirst);
        if (order == null || order.equals("desc")) {
            Collections.reverse(all);
        }
        List<String> ids = all.stream().map(id).toList();
        int from = after == null ? 0 : place(ids, after, "after") + 1;
        int to = before == null ? all.size() : place(ids, before, "before");
        if (after == null && before != null) {
            from = Math.max(0, to - limit);
        }
        List<T> rest = all.subList(Math.min(from, to), to);
        List<T> page = List.copyOf(rest.subList(0, Math.min(limit, rest.size())));
        return new Page<>(
                "list",
                page,
                page.isEmpty() ? null : id.apply(page.get(0)),
                page.isEmpty() ? null : id.apply(page.get(page.size() - 1)),
                page.size() < rest.size());
    }
}
