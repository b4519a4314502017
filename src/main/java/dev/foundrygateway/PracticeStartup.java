package dev.foundrygateway;

import jakarta.enterprise.context.ApplicationScoped;

/** Placeholder until the practice package lands. */
@ApplicationScoped
public class PracticeStartup {
    boolean running() {
        return false;
    }
}
