package dev.foundrygateway.retrieval;

import dev.foundrygateway.exchange.GatewayException;
import dev.foundrygateway.openai.ErrorCode;
import java.util.List;

/**
 * How long and how many the parts of one call may be; what is more is refused by the field's name before any work is done on it.
 *
 * @param id characters of an id
 * @param title characters of a title, a name or an address
 * @param documents documents of one call
 * @param queries queries of one search
 * @param stores stores that one call searches
 */
public record InputLimits(int id, int title, int documents, int queries, int stores) {
    private static final String PREFIX = RetrievalConfig.PREFIX + ".";

    /** An id as it came, if it can be one. */
    public String id(String value, String field) {
        String text = text(value, field, id, "max-id-length");
        if (text.chars().anyMatch(Character::isISOControl)) {
            throw wrong(field + " has a control character", field);
        }
        return text;
    }

    public String title(String value, String field) {
        return text(value, field, title, "max-title-length");
    }

    public <T> List<T> documents(List<T> list, String field) {
        return list(list, field, documents, "max-documents");
    }

    public <T> List<T> queries(List<T> list, String field) {
        return list(list, field, queries, "max-queries");
    }

    /** The ids of stores to search, each once. */
    public List<String> stores(List<String> list, String field) {
        list(list, field, stores, "max-stores").forEach(one -> id(one, field));
        return list.stream().distinct().toList();
    }

    private static String text(String value, String field, int most, String setting) {
        if (value.length() > most) {
            throw wrong(
                    field + " has " + value.length() + " characters, more than " + PREFIX + setting + " allows (" + most
                            + ")",
                    field);
        }
        return value;
    }

    private static <T> List<T> list(List<T> list, String field, int most, String setting) {
        if (list.size() > most) {
            throw wrong(
                    field + " has " + list.size() + " entries, more than " + PREFIX + setting + " allows (" + most
                            + ")",
                    field);
        }
        return list;
    }

    private static GatewayException wrong(String message, String field) {
        return new GatewayException(ErrorCode.INVALID_REQUEST, message, field);
    }
}
