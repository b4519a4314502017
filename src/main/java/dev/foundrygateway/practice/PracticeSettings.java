package dev.foundrygateway.practice;

import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * How the practice upstream behaves where no script says otherwise.
 *
 * @param port the port of 127.0.0.1 it listens on; 0 for any free one
 * @param shape the generation of Foundry Local it mirrors
 * @param models the models it has
 * @param keepAlive the interval of SSE comments until the first token; Foundry Local 2.x sends one every 250 ms
 * @param doubledHeaders whether streams carry Connection, Cache-Control and Content-Type twice, as Foundry Local 2.2.1 does
 * @param fault how requests fail
 * @param faultEvery every how-manieth model call fails, at least 1
 * @param recording whether requests are kept to be asked for; a server that runs for long must not, since they are never dropped by themselves
 */
public record PracticeSettings(
        int port,
        Shape shape,
        List<PracticeModel> models,
        Duration keepAlive,
        boolean doubledHeaders,
        Fault fault,
        int faultEvery,
        boolean recording) {
    /** Checks the values. */
    public PracticeSettings {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("port must be 0 to 65535, not " + port);
        }
        if (keepAlive.isNegative() || keepAlive.isZero()) {
            throw new IllegalArgumentException("keepAlive must be positive, not " + keepAlive);
        }
        if (faultEvery < 1) {
            throw new IllegalArgumentException("faultEvery must be at least 1, not " + faultEvery);
        }
        models = List.copyOf(models);
    }

    /** Dev mode's: a quick phi-4-mini and a slower gpt-oss-20b, on a free port, in the shape of 2.x, without faults. */
    public static PracticeSettings defaults() {
        PracticeModel quick = PracticeModel.named("phi-4-mini")
                .withDelays(Duration.ofMillis(30), Duration.ofMillis(10))
                .withAnswerTokens(30);
        PracticeModel slow = PracticeModel.named("gpt-oss-20b")
                .withDelays(Duration.ofMillis(120), Duration.ofMillis(25))
                .withAnswerTokens(80);
        List<PracticeModel> models = List.of(quick, slow);
        return new PracticeSettings(0, Shape.FOUNDRY_2X, models, Duration.ofMillis(250), false, Fault.NONE, 1, true);
    }

    /** The tests': the defaults without any delay. */
    public static PracticeSettings immediate() {
        return defaults().withEachModel(model -> model.withDelays(Duration.ZERO, Duration.ZERO));
    }

    public PracticeSettings withPort(int newPort) {
        return new PracticeSettings(newPort, shape, models, keepAlive, doubledHeaders, fault, faultEvery, recording);
    }

    /** The same in another generation's shape. */
    public PracticeSettings withShape(Shape newShape) {
        return new PracticeSettings(port, newShape, models, keepAlive, doubledHeaders, fault, faultEvery, recording);
    }

    /** The same with these models instead. */
    public PracticeSettings withModels(PracticeModel... newModels) {
        return withModels(List.of(newModels));
    }

    private PracticeSettings withModels(List<PracticeModel> newModels) {
        return new PracticeSettings(port, shape, newModels, keepAlive, doubledHeaders, fault, faultEvery, recording);
    }

    /** The same with every model changed. */
    public PracticeSettings withEachModel(UnaryOperator<PracticeModel> change) {
        return withModels(models.stream().map(change).toList());
    }

    /** The same with comments at this interval until the first token. */
    public PracticeSettings withKeepAlive(Duration newKeepAlive) {
        return new PracticeSettings(port, shape, models, newKeepAlive, doubledHeaders, fault, faultEvery, recording);
    }

    /** The same with doubled headers on streams. */
    public PracticeSettings withDoubledHeaders() {
        return new PracticeSettings(port, shape, models, keepAlive, true, fault, faultEvery, recording);
    }

    /** The same with every n-th model call failing. */
    public PracticeSettings withFault(Fault newFault, int every) {
        return new PracticeSettings(port, shape, models, keepAlive, doubledHeaders, newFault, every, recording);
    }

    /** The same that keeps no request. */
    public PracticeSettings withoutRecording() {
        return new PracticeSettings(port, shape, models, keepAlive, doubledHeaders, fault, faultEvery, false);
    }
}
