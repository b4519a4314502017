package dev.foundrygateway.access;

/** What a call is about, as far as access goes: each line of the table of routes says it. The later ones ask for more trust. */
public enum Area {
    /** Model calls, the list of models and the health pages. */
    OPEN,
    /** Files, stores, stored answers, comparisons, metrics and what can be read of the model server. */
    PROTECTED,
    /** Calls that change the model server or what it does for others: load, unload, download, shutdown, cancel. */
    EFFECT,
    /** No route of ours: it does not exist for pages without an origin. */
    UNKNOWN
}
