package dev.foundrygateway.exchange;

/** Hears of each exchange as its client sees it, when it begins and when it has ended. Thread-safe; never throws. */
public interface ExchangeWatch {
    ExchangeWatch NONE = new ExchangeWatch() {
        @Override
        public void began(Account account) {}

        @Override
        public void ended(Account account, ExchangeReport report) {}
    };

    /** It has been asked. */
    void began(Account account);

    /** All is over; told once. */
    void ended(Account account, ExchangeReport report);
}
