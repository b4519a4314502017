package dev.foundrygateway.access;

import java.util.Locale;

/** Reads Content-Type headers as far as access needs. Allocates nothing for {@code application/json}, with parameters or without. */
final class MediaTypes {
    private static final String JSON = "application/json";
    private static final String FORM = "multipart/form-data";

    private MediaTypes() {}

    /** Whether it is {@code application/json} or {@code application/…+json}. */
    static boolean isJson(String contentType) {
        if (is(contentType, JSON)) {
            return true;
        }
        String type = contentType.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
        return type.startsWith("application/") && type.endsWith("+json");
    }

    /** Whether it is {@code multipart/form-data}. */
    static boolean isForm(String contentType) {
        return is(contentType, FORM);
    }

    private static boolean is(String contentType, String type) {
        if (!contentType.regionMatches(true, 0, type, 0, type.length())) {
            return false;
        }
        int next = type.length();
        while (next < contentType.length() && contentType.charAt(next) <= ' ') {
            next++;
        }
        return next == contentType.length() || contentType.charAt(next) == ';';
    }
}
