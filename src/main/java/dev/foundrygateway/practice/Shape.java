package dev.foundrygateway.practice;

import java.util.Arrays;
import java.util.Locale;
import org.eclipse.microprofile.config.spi.Converter;

/** The generation of Foundry Local whose routes and bodies the practice upstream mirrors. */
public enum Shape {
    /** The CLI service up to 0.8: {@code /openai/…} and {@code /foundry/list}; chunks without usage and without a finish reason. */
    FOUNDRY_0X,
    /** The C# core 1.x: usage in every chunk, one id for all answers, any origin echoed. */
    FOUNDRY_1X,
    /** The C++ core 2.x: OpenAI's shape with sorted members, keep-alive comments, no CORS. */
    FOUNDRY_2X;

    private String configured() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Reads {@code foundry-2x}; the converter that enums have by themselves would want {@code foundry-2-x}. */
    public static final class FromName implements Converter<Shape> {
        private static final long serialVersionUID = 1L;

        @Override
        public Shape convert(String value) {
            return Arrays.stream(values())
                    .filter(shape -> shape.configured().equals(value.strip()))
                    .findFirst()
                    .orElseThrow(() ->
                            new IllegalArgumentException("must be foundry-0x, foundry-1x or foundry-2x, not " + value));
        }
    }
}
