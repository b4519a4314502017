package dev.foundrygateway.hybrid;

import dev.foundrygateway.exchange.LoadedModels;
import dev.foundrygateway.exchange.ModelFacts;
import dev.foundrygateway.exchange.NanoClock;
import dev.foundrygateway.exchange.Observer;
import dev.foundrygateway.exchange.ServerLoad;
import dev.foundrygateway.exchange.Troubles;
import dev.foundrygateway.hybrid.learn.Notebook;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;
import org.jboss.logging.Logger;

/** Starts and ends those who learn, one for each virtual model that is to; none for the others. */
@ApplicationScoped
class Lessons {
    private static final Logger LOG = Logger.getLogger(Lessons.class);

    private final List<Learner> learners;

    @Inject
    Lessons(
            HybridModels models,
            ModelFacts facts,
            LoadedModels loaded,
            NanoClock clock,
            Observer observer,
            ServerLoad servers,
            Vertx vertx,
            Troubles troubles) {
        this(
                models,
                Surroundings.of(facts, loaded, clock, vertx, observer),
                new Learner.Means(
                        servers,
                        task -> vertx.executeBlocking(
                                        () -> {
                                            task.run();
                                            return true;
                                        },
                                        false)
                                .onFailure(failure -> LOG.error("what was learnt can't be written down", failure)),
                        Clock.systemUTC(),
                        () -> ThreadLocalRandom.current().nextDouble()),
                troubles);
    }

    Lessons(HybridModels models, Surroundings around, Learner.Means means, Troubles troubles) {
        List<Learner> all = new ArrayList<>();
        for (VirtualModel model : models.all()) {
            if (model.config().learn().enabled()) {
                Learner one = new Learner(model, around, means, notebook(model, troubles));
                model.learns(one);
                all.add(one);
            }
        }
        learners = List.copyOf(all);
    }

    private static Notebook notebook(VirtualModel model, Troubles troubles) {
        Notebook.Origin origin = new Notebook.Origin(
                model.draft() + " judged by " + model.escalation() + ", "
                        + model.config().learn().label().name().toLowerCase(Locale.ROOT),
                model.calibration().json());
        return new Notebook(model.config().learn().directory(), model.name(), origin, sentence -> {
            LOG.warn(sentence);
            troubles.note("learning of " + model.name(), sentence);
        });
    }

    void start(@Observes StartupEvent event) {
        learners.forEach(Learner::start);
    }

    void stop(@Observes ShutdownEvent event) {
        learners.forEach(Learner::close);
    }
}
