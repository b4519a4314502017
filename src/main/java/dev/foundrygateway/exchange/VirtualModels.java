package dev.foundrygateway.exchange;

import java.util.List;

/** The model names that are the gateway's own. Thread-safe. */
public interface VirtualModels {
    /** The names, as they stand in {@code GET /v1/models}. */
    List<String> names();

    /** The configured name behind what a client asks for ({@code hybrid} for {@code hybrid@0.35}); empty if the model is no virtual one. */
    String nameOf(String model);

    /** The models that a virtual one may ask, the small one first; empty if the model is no virtual one. */
    default List<String> tiers(String model) {
        return List.of();
    }

    /** The decision model that a virtual one asks about its drafts; empty if it asks none, or the model is no virtual one. */
    default String judge(String model) {
        return "";
    }
}
