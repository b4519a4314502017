package dev.foundrygateway.start;

/**
 * Something wrong with a setting.
 *
 * @param key the setting, as whoever wrote it knows it
 * @param problem what is wrong and what to do, in one line
 */
public record Fault(String key, String problem) {
    private static final int LONGEST = 600;

    /** Fits a line. */
    public Fault {
        String line = problem.replaceAll("\\s*[\\r\\n]+\\s*", " ").strip();
        problem = line.length() > LONGEST ? line.substring(0, LONGEST) + "…" : line;
    }

    @Override
    public String toString() {
        return key + ": " + problem;
    }
}
