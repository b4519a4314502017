package dev.foundrygateway.retrieval.api;

import dev.foundrygateway.openai.HeaderValue;
import java.util.Optional;
import org.jboss.resteasy.reactive.multipart.FileUpload;

/**
 * The name under which a form sends a file: browsers and newer programs write {@code %22} for a quotation mark, others a backslash before it, and some all of
 * it in {@code filename*}. The form's own reader ends a name at the first quotation mark.
 *
 * @see <a href="https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#multipart-form-data">HTML, multipart/form-data</a>
 */
final class FormFileName {
    private FormFileName() {}

    /** The file's name; empty if it has none. */
    static String of(FileUpload file) {
        String disposition = file.getHeaders().getFirst("Content-Disposition");
        Optional<String> name = disposition == null
                ? Optional.empty()
                : HeaderValue.parse(disposition).letters("filename");
        return name.map(FormFileName::unescaped).orElse(file.fileName() == null ? "" : file.fileName());
    }

    /** The three characters that browsers escape, and no other: a name may have a percent sign. */
    private static String unescaped(String name) {
        return name.replace("%22", "\"").replaceAll("(?i)%0[DA]", "");
    }
}
