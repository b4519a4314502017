package dev.foundrygateway.edge.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.foundrygateway.exchange.GatewayException;
import dev.foundrygateway.openai.ChatRequest;
import dev.foundrygateway.openai.ErrorCode;
import dev.foundrygateway.openai.json.Trees;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * A value of a request and where it stands there, so that what is wrong with it can be named.
 *
 * @param value the value; a missing node where the request has none
 * @param path its place, as in {@code messages[2].content[0].type}; empty for the request itself
 * @param name the name that a member goes by in its object; empty for an element
 */
record Place(JsonNode value, String path, String name) {
    /** A value that is no member of another. */
    Place(JsonNode value, String path) {
        this(value, path, "");
    }

    /** A member of a chat request. */
    static Place of(ChatRequest request, String name) {
        String wrapped = "{\"" + name + "\":" + request.member(name).orElse("null") + "}";
        return new Place(Trees.object(wrapped).orElseGet(Trees::object), "").member(name);
    }

    /** Whether there is a value: a member that is {@code null} counts as left out. */
    boolean given() {
        return !value.isMissingNode() && !value.isNull();
    }

    Place member(String name) {
        return new Place(value.path(name), path.isEmpty() ? name : path + "." + name, name);
    }

    /** The members that are given, in order. */
    List<Place> members() {
        List<Place> members = new ArrayList<>();
        value.fieldNames().forEachRemaining(name -> {
            Place member = member(name);
            if (member.given()) {
                members.add(member);
            }
        });
        return members;
    }

    /** The elements of a list; none where it is left out. */
    List<Place> elements() {
        if (given() && !value.isArray()) {
            throw wrong("must be a list");
        }
        List<Place> elements = new ArrayList<>();
        for (int i = 0; i < value.size(); i++) {
            elements.add(new Place(value.path(i), path + "[" + i + "]"));
        }
        return elements;
    }

    ObjectNode object() {
        if (value instanceof ObjectNode object) {
            return object;
        }
        throw wrong(given() ? "must be an object" : "is missing");
    }

    String text() {
        if (!value.isTextual()) {
            throw wrong(given() ? "must be a string" : "is missing");
        }
        return value.textValue();
    }

    String filledText() {
        if (text().isEmpty()) {
            throw wrong("must not be empty");
        }
        return value.textValue();
    }

    boolean flag() {
        if (given() && !value.isBoolean()) {
            throw wrong("must be true or false");
        }
        return value.asBoolean(false);
    }

    JsonNode number() {
        if (!value.isNumber()) {
            throw wrong("must be a number");
        }
        return value;
    }

    JsonNode positive() {
        if (!value.isIntegralNumber() || value.bigIntegerValue().signum() <= 0) {
            throw wrong(given() ? "must be a whole number above 0" : "is missing");
        }
        return value;
    }

    /** Checks that an object has no other members than these; a hint of the client's that changes no answer may be among them. */
    Place only(Set<String> known) {
        object();
        for (Place member : members()) {
            if (!known.contains(member.name())) {
                throw member.untranslatable();
            }
        }
        return this;
    }

    GatewayException wrong(String rule) {
        return new GatewayException(
                ErrorCode.INVALID_REQUEST, (path.isEmpty() ? "the request" : path) + " " + rule, path);
    }

    /** What is not dropped silently. */
    GatewayException untranslatable() {
        String shown = value.isTextual() && value.textValue().length() <= 60 ? " " + value.textValue() : "";
        return wrong(
                shown.isEmpty()
                        ? "has no counterpart in a chat request; leave it out"
                        : "is" + shown + ", which has no counterpart in a chat request; leave it out");
    }
}
