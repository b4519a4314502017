package dev.foundrygateway.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;

/** A folder as {@code examples/webgpu/bring.sh} lays it out: a model of two kilobytes, and the library where {@code WEBGPU_DIR} says that it has been brought. */
final class WebgpuFolder {
    private static final Path MODEL = Path.of("src", "test", "webgpu", "tiny");

    private WebgpuFolder() {}

    /** Lays it out in the build's folder. */
    static Path lay() throws IOException {
        Path folder = Files.createDirectories(Path.of("target", "webgpu")).toAbsolutePath();
        Path model = folder.resolve("models").resolve("tiny");
        Files.createDirectories(model.resolve("onnx"));
        for (String name :
                List.of("config.json", "generation_config.json", "tokenizer.json", "tokenizer_config.json")) {
            Files.copy(MODEL.resolve(name), model.resolve(name), StandardCopyOption.REPLACE_EXISTING);
        }
        // One file serves adapters with and without 16-bit floats.
        for (String name : List.of("model_q4.onnx", "model_q4f16.onnx")) {
            Files.copy(
                    MODEL.resolve("onnx/model_q4.onnx"),
                    model.resolve("onnx").resolve(name),
                    StandardCopyOption.REPLACE_EXISTING);
        }
        String library = System.getenv("WEBGPU_DIR");
        if (library != null) {
            try (Stream<Path> files = Files.list(Path.of(library))) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    Path link = folder.resolve(String.valueOf(file.getFileName()));
                    Files.deleteIfExists(link);
                    Files.createSymbolicLink(link, file.toAbsolutePath());
                }
            }
        }
        return folder;
    }
}
