package dev.foundrygateway.exchange;

/** Hears of each exchange as its client sees it, when it begins and when it has ended. Thread-safe; never throws. */
public interface ExchangeWatch {
    /** It has been asked. */
    default void began(Account account) {}

    /** All is over; told once. */
    void ended(Account account, ExchangeReport report);
}
