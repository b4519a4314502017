package dev.foundrygateway.upstream;

import dev.foundrygateway.exchange.ServerLoad;
import dev.foundrygateway.upstream.foundry.ModelLoader;
import jakarta.inject.Singleton;

/** Reads how busy upstreams are off what is counted of their calls anyway. Thread-safe. */
@Singleton
public class UpstreamLoad implements ServerLoad {
    private static final Load NOTHING = new Load(0, 0);

    private final ModelCatalog catalog;
    private final Dispatcher dispatcher;
    private final ModelLoader loader;

    UpstreamLoad(ModelCatalog catalog, Dispatcher dispatcher, ModelLoader loader) {
        this.catalog = catalog;
        this.dispatcher = dispatcher;
        this.loader = loader;
    }

    @Override
    public Load of(String model) {
        return catalog.find(model)
                .map(ModelCatalog.Target::upstream)
                .map(this::of)
                .orElse(NOTHING);
    }

    private Load of(Upstream upstream) {
        Load calls = upstream.load();
        return new Load(
                calls.begun(),
                calls.open()
                        + dispatcher.waiting(upstream)
                        + loader.loading(upstream).size());
    }
}
