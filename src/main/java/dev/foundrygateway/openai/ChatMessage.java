package dev.foundrygateway.openai;

/**
 * One message of a chat request, as far as a stage may want to read it.
 *
 * @param role its role, empty if it has none
 * @param text its text: the content's string, or its text parts joined by line breaks; empty if none
 */
public record ChatMessage(String role, String text) {
    /** How the text begins that stands before an image out of a tool's result, which a chat shows in the user's name: nobody has said or asked it. */
    public static final String TOOL_IMAGE = "The image of the tool result ";
}
