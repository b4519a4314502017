package dev.foundrygateway.evaluate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/** Processor time and memory of some processes and their children. Memory is known on Linux alone. */
final class ProcessMeter {
    private static final double KILO = 1_024;

    private final List<Long> pids;

    ProcessMeter(List<Long> pids) {
        this.pids = List.copyOf(pids);
    }

    private Stream<ProcessHandle> processes() {
        return pids.stream()
                .flatMap(pid -> ProcessHandle.of(pid).stream())
                .flatMap(process -> Stream.concat(Stream.of(process), process.descendants()));
    }

    /** Seconds of processor time so far; empty if no process was named. */
    OptionalDouble cpuSeconds() {
        return pids.isEmpty()
                ? OptionalDouble.empty()
                : OptionalDouble.of(processes()
                        .mapToDouble(process -> process.info()
                                        .totalCpuDuration()
                                        .orElse(Duration.ZERO)
                                        .toNanos()
                                / 1e9)
                        .sum());
    }

    /** Resident memory in MiB; empty if no process was named or the system doesn't tell. */
    OptionalDouble memoryMib() {
        double sum = processes()
                .mapToDouble(process -> residentKib(process.pid()) / KILO)
                .sum();
        return sum > 0 ? OptionalDouble.of(sum) : OptionalDouble.empty();
    }

    /** See proc(5): {@code VmRSS} of {@code /proc/PID/status}. */
    private static double residentKib(long pid) {
        try (Stream<String> lines = Files.lines(Path.of("/proc/" + pid + "/status"))) {
            return lines.filter(line -> line.startsWith("VmRSS:"))
                    .mapToDouble(line -> Double.parseDouble(line.replaceAll("\\D", "")))
                    .findFirst()
                    .orElse(0);
        } catch (IOException e) {
            return 0;
        }
    }
}
