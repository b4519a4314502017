package dev.foundrygateway.start;

import dev.foundrygateway.exchange.Within;
import io.quarkus.runtime.configuration.DurationConverter;
import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.runtime.configuration.MemorySizeConverter;
import io.smallrye.config.common.utils.StringUtil;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.eclipse.microprofile.config.spi.Converter;

/** What is wrong with a setting's value. Stateless. */
final class SettingValue {
    private static final Set<Class<?>> WHOLE =
            Set.of(int.class, long.class, Integer.class, Long.class, OptionalInt.class, OptionalLong.class);
    private static final Set<Class<?>> BROKEN =
            Set.of(double.class, float.class, Double.class, Float.class, OptionalDouble.class);
    private static final Set<Class<?>> SMALL = Set.of(int.class, Integer.class, OptionalInt.class);
    private static final Set<String> TRUTHS = Set.of("true", "false", "yes", "no", "on", "off", "1", "0", "y", "n");
    private static final double SECOND = 1e9;
    private static final int SHOWN = 60;

    private SettingValue() {}

    /** What is wrong with this text, and what would be right; empty if nothing is. */
    static Optional<String> problem(SettingTree.Setting setting, String text) {
        if (text.isBlank()) {
            return setting.optional() || setting.type() == String.class
                    ? Optional.empty()
                    : Optional.of("has no value; set one, or leave the setting out");
        }
        List<String> values = setting.list() ? List.of(StringUtil.split(text)) : List.of(text);
        return values.stream()
                .map(value -> one(setting, value.strip()))
                .flatMap(Optional::stream)
                .findFirst();
    }

    private static Optional<String> one(SettingTree.Setting setting, String text) {
        Class<?> type = setting.type();
        try {
            if (setting.converter().isPresent()) {
                Converter<?> own = setting.converter()
                        .get()
                        .value()
                        .getDeclaredConstructor()
                        .newInstance();
                own.convert(text);
            } else if (type == boolean.class || type == Boolean.class) {
                return TRUTHS.contains(text.toLowerCase(Locale.ROOT)) ? Optional.empty() : wrong("true or false", text);
            } else if (WHOLE.contains(type)) {
                double whole = SMALL.contains(type) ? Integer.parseInt(text) : (double) Long.parseLong(text);
                return number(setting, "a whole number", text, whole);
            } else if (BROKEN.contains(type)) {
                return number(setting, "a number", text, Double.parseDouble(text));
            } else if (type == Duration.class) {
                return number(setting, "a time such as 500ms, 10s or 5m", text, seconds(text));
            } else if (type == MemorySize.class) {
                MemorySize size = new MemorySizeConverter().convert(text);
                return number(
                        setting,
                        "a size such as 512K or 32M",
                        text,
                        size.asBigInteger().doubleValue());
            } else if (type == URI.class) {
                URI uri = URI.create(text);
                return uri.getScheme() != null && uri.getHost() != null
                        ? Optional.empty()
                        : wrong("a URL such as http://host:port", text);
            } else if (type.isEnum()) {
                List<String> names = Arrays.stream(type.getEnumConstants())
                        .map(constant -> ((Enum<?>) constant)
                                .name()
                                .toLowerCase(Locale.ROOT)
                                .replace('_', '-'))
                        .toList();
                String plain = text.toLowerCase(Locale.ROOT).replace('_', '-');
                return names.contains(plain)
                        ? Optional.empty()
                        : wrong("one of " + String.join(", ", names), text)
                                .map(line -> line + Spelling.hint(Spelling.nearest(plain, names)));
            }
            return Optional.empty();
        } catch (ReflectiveOperationException e) {
            // Its own converter will be asked by the mapping itself.
            return Optional.empty();
        } catch (RuntimeException malformed) {
            return wrong(expected(setting, malformed), text);
        }
    }

    private static double seconds(String text) {
        return new DurationConverter().convert(text).toNanos() / SECOND;
    }

    private static String expected(SettingTree.Setting setting, RuntimeException malformed) {
        Class<?> type = setting.type();
        if (setting.converter().isPresent()) {
            return "something else: " + malformed.getMessage();
        } else if (type == Duration.class) {
            return "a time such as 500ms, 10s or 5m" + limits(setting);
        } else if (type == MemorySize.class) {
            return "a size such as 512K or 32M" + limits(setting);
        } else if (type == URI.class) {
            return "a URL such as http://host:port";
        }
        return (WHOLE.contains(type) ? "a whole number" : "a number") + limits(setting);
    }

    private static Optional<String> number(SettingTree.Setting setting, String what, String text, double value) {
        Optional<Within> within = setting.range();
        double min = within.map(Within::min).orElse(0.0);
        double max = within.map(Within::max).orElse(Double.MAX_VALUE);
        boolean above = within.map(Within::above).orElse(false);
        return Double.isFinite(value) && (above ? value > min : value >= min) && value <= max
                ? Optional.empty()
                : wrong(what + limits(setting), text);
    }

    private static String limits(SettingTree.Setting setting) {
        String unit = setting.type() == Duration.class ? " s" : setting.type() == MemorySize.class ? " bytes" : "";
        return setting.range()
                .map(within -> within.max() < Double.MAX_VALUE
                        ? " from " + plain(within.min()) + " to " + plain(within.max()) + unit
                        : within.above()
                                ? " greater than " + plain(within.min())
                                : " of at least " + plain(within.min()) + unit)
                .orElse(" that is not negative");
    }

    private static String plain(double value) {
        return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
    }

    private static Optional<String> wrong(String wanted, String text) {
        String shown = text.length() > SHOWN ? text.substring(0, SHOWN) + "…" : text;
        return Optional.of("must be " + wanted + ", not '" + shown + "'");
    }
}
