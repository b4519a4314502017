package dev.foundrygateway.upstream.foundry;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.foundrygateway.upstream.foundry.VariantId.Device;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class VariantIdTest {
    @Test
    void anIdTellsItsVersionItsDeviceAndItsAliases() {
        VariantId variant = VariantId.of("Phi-4-mini-instruct-generic-cpu:5");
        assertEquals("phi-4-mini-instruct-generic-cpu", variant.unversioned());
        assertEquals(5, variant.version());
        assertEquals(Device.GENERIC_CPU, variant.device());
        assertEquals(List.of("phi-4-mini-instruct", "phi-4-mini"), variant.aliases());
    }

    @Test
    void vendorsDevicesAreToldApart() {
        assertEquals(Device.NPU, VariantId.of("qwen2.5-7b-instruct-qnn-npu:2").device());
        assertEquals(Device.VENDOR_GPU, VariantId.of("gpt-oss-20b-cuda-gpu:1").device());
        assertEquals(Device.GENERIC_GPU, VariantId.of("gpt-oss-20b-generic-gpu").device());
        assertEquals(Device.VENDOR_CPU, VariantId.of("phi-4-openvino-cpu:1").device());
        assertEquals(
                List.of("gpt-oss-20b"),
                VariantId.of("gpt-oss-20b-tensorrt-rtx-gpu:1").aliases());
    }

    @Test
    void aNameWithoutADeviceHasNoAlias() {
        assertEquals(List.of(), VariantId.of("phi-4-mini").aliases());
        assertEquals(List.of(), VariantId.of("llama3:8b").aliases());
        assertEquals(-1, VariantId.of("llama3:8b").version());
    }

    @Test
    void theDeviceComesBeforeTheVersion() {
        List<String> sorted = Stream.of(
                        "m-generic-cpu:9", "m-generic-gpu:1", "m-cuda-gpu:1", "m-cuda-gpu:2", "m-openvino-npu:1")
                .map(VariantId::of)
                .sorted(VariantId.BEST_FIRST)
                .map(VariantId::id)
                .toList();
        assertEquals(
                List.of("m-openvino-npu:1", "m-cuda-gpu:2", "m-cuda-gpu:1", "m-generic-gpu:1", "m-generic-cpu:9"),
                sorted);
    }
}
