package dev.foundrygateway.upstream.foundry;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the id of a Foundry Local model says. {@code Phi-4-mini-instruct-generic-cpu:5} is the fifth version of the variant for any CPU of
 * {@code phi-4-mini}.
 *
 * @param id the id as the upstream writes it
 * @param unversioned the id in lower case without its version
 * @param version its version; -1 if the id names none
 * @param device where it runs
 * @param aliases the names, in lower case, that it may go by beside its id, the likeliest first; empty if the id names no device
 */
public record VariantId(String id, String unversioned, int version, Device device, List<String> aliases) {
    /** Where a variant runs, the most wanted first: the order of Foundry Local's own list. */
    public enum Device {
        NPU,
        VENDOR_GPU,
        GENERIC_GPU,
        VENDOR_CPU,
        GENERIC_CPU,
        UNKNOWN
    }

    /** Of two variants with one alias: the device, then the higher version. */
    public static final Comparator<VariantId> BEST_FIRST = Comparator.comparing((VariantId variant) -> variant.device())
            .thenComparing(VariantId::version, Comparator.reverseOrder())
            .thenComparing(VariantId::id);

    private static final Pattern VERSION = Pattern.compile("(.+):(\\d{1,6})");
    private static final Pattern DEVICE = Pattern.compile("(.+?)-((?:tensorrt-)?[a-z0-9_]+)-(cpu|gpu|npu)");
    private static final Pattern TUNED = Pattern.compile("(.+?)-(?:instruct|chat|it)");

    public static VariantId of(String id) {
        Matcher versioned = VERSION.matcher(id);
        boolean hasVersion = versioned.matches();
        String unversioned = (hasVersion ? versioned.group(1) : id).toLowerCase(Locale.ROOT);
        int version = hasVersion ? Integer.parseInt(versioned.group(2)) : -1;
        Matcher device = DEVICE.matcher(unversioned);
        if (!device.matches()) {
            return new VariantId(id, unversioned, version, Device.UNKNOWN, List.of());
        }
        List<String> aliases = new ArrayList<>(2);
        aliases.add(device.group(1));
        Matcher tuned = TUNED.matcher(device.group(1));
        if (tuned.matches()) {
            aliases.add(tuned.group(1));
        }
        return new VariantId(id, unversioned, version, device(device.group(2), device.group(3)), List.copyOf(aliases));
    }

    private static Device device(String vendor, String kind) {
        boolean generic = vendor.equals("generic");
        return switch (kind) {
            case "npu" -> Device.NPU;
            case "gpu" -> generic ? Device.GENERIC_GPU : Device.VENDOR_GPU;
            default -> generic ? Device.GENERIC_CPU : Device.VENDOR_CPU;
        };
    }
}
