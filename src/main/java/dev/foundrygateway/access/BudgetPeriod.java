package dev.foundrygateway.access;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.temporal.TemporalAdjusters;
import java.util.Locale;

/** How long a budget lasts. All begin at midnight, in UTC. */
enum BudgetPeriod {
    DAY,
    /** ISO's, from Monday. */
    WEEK,
    MONTH;

    private final String label = name().toLowerCase(Locale.ROOT);

    String label() {
        return label;
    }

    /** The first day of the period that this day is in. */
    LocalDate first(LocalDate day) {
        return switch (this) {
            case DAY -> day;
            case WEEK -> day.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
            case MONTH -> day.withDayOfMonth(1);
        };
    }

    /** The first day of the next one. */
    LocalDate next(LocalDate day) {
        LocalDate first = first(day);
        return switch (this) {
            case DAY -> first.plusDays(1);
            case WEEK -> first.plusWeeks(1);
            case MONTH -> first.plusMonths(1);
        };
    }
}
