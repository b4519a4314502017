package dev.foundrygateway.access;

/** Builds requests for the tables: from a program on this machine unless told otherwise. */
final class Requests {
    private final String method;
    private final String path;
    private String host = "localhost:5274";
    private boolean hostRequired = true;
    private String origin = "";
    private String fetchSite = "";
    private String contentType = "";
    private boolean hasBody;
    private String requestMethod = "";
    private String requestHeaders = "";
    private boolean privateNetwork;

    private Requests(String method, String path) {
        this.method = method;
        this.path = path;
    }

    static Requests of(String method, String path) {
        return new Requests(method, path);
    }

    Requests origin(String origin) {
        this.origin = origin;
        return this;
    }

    Requests host(String host) {
        this.host = host;
        return this;
    }

    Requests withoutHost() {
        this.hostRequired = false;
        return host("");
    }

    Requests fetchSite(String site) {
        this.fetchSite = site;
        return this;
    }

    Requests body(String type) {
        this.contentType = type;
        this.hasBody = true;
        return this;
    }

    Requests asksFor(String method, String headers) {
        this.requestMethod = method;
        this.requestHeaders = headers;
        return this;
    }

    Requests privateNetwork() {
        this.privateNetwork = true;
        return this;
    }

    AccessRequest build() {
        return new AccessRequest(
                method,
                path,
                host,
                hostRequired,
                origin,
                fetchSite,
                contentType,
                hasBody,
                requestMethod,
                requestHeaders,
                privateNetwork);
    }
}
