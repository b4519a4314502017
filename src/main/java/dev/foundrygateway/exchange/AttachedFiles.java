package dev.foundrygateway.exchange;

/** The files that one request brings along or names, as text. On a worker: a file is not read in no time. */
public interface AttachedFiles {
    /** Takes every file and reads none: for a look at a request that nobody answers yet. */
    AttachedFiles UNREAD = new AttachedFiles() {
        @Override
        public String text(String data, String name, String mediaType, String field) {
            return "";
        }

        @Override
        public String stored(String id, String field) {
            return "";
        }
    };

    /**
     * The text of a file that came with the request.
     *
     * @param data the file in base64, alone or as a {@code data:} address
     * @param name what it is called; empty if only its type is known
     * @param mediaType its type; empty if only its name is known
     * @param field where it stands in the request, for what is wrong with it
     * @throws GatewayException when it can't be read, or is too long
     */
    String text(String data, String name, String mediaType, String field);

    /** The text of a file of {@code /v1/files} that the caller may see, under its name. */
    String stored(String id, String field);

    /** A document's own text or name that stands in the request as it is: without what could pose as another turn. */
    default String harmless(String text) {
        return text;
    }
}
