package dev.foundrygateway.openai.schema;

/** A schema that can't be used. The message says why and quotes nothing of it but keywords and references. */
public final class InvalidSchemaException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String place;

    InvalidSchemaException(String place, String message) {
        super(message, null, false, false);
        this.place = place;
    }

    /** Where in the schema, as a JSON pointer; empty for the schema as a whole. */
    public String place() {
        return place;
    }
}
