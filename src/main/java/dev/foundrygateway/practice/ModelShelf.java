package dev.foundrygateway.practice;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The models of the practice upstream and which of them are loaded. Thread-safe. */
final class ModelShelf {
    private final List<PracticeModel> models;
    private final Set<PracticeModel> loaded = ConcurrentHashMap.newKeySet();
    private final Map<PracticeModel, Integer> loads = new ConcurrentHashMap<>();

    ModelShelf(List<PracticeModel> models) {
        this.models = models;
        reset();
    }

    void reset() {
        loaded.clear();
        loads.clear();
        models.stream().filter(PracticeModel::loadedInitially).forEach(loaded::add);
    }

    List<PracticeModel> models() {
        return models;
    }

    List<PracticeModel> loadedModels() {
        return models.stream().filter(loaded::contains).toList();
    }

    /** Foundry Local compares ids without regard to case. */
    Optional<PracticeModel> byId(String id) {
        return models.stream().filter(model -> model.id().equalsIgnoreCase(id)).findFirst();
    }

    Optional<PracticeModel> byAlias(String alias) {
        return models.stream()
                .filter(model -> model.alias().equalsIgnoreCase(alias))
                .findFirst();
    }

    /** By id, else by the id without its {@code :version}, else by alias: as the older generations find models. */
    Optional<PracticeModel> byAnyName(String name) {
        return byId(name)
                .or(() -> models.stream()
                        .filter(model -> unversioned(model.id()).equalsIgnoreCase(name))
                        .findFirst())
                .or(() -> byAlias(name));
    }

    static String unversioned(String id) {
        int version = id.lastIndexOf(':');
        return version < 0 ? id : id.substring(0, version);
    }

    boolean isLoaded(PracticeModel model) {
        return loaded.contains(model);
    }

    /** Loads the model; false if it was loaded already. Either way it counts as a request to load. */
    boolean load(PracticeModel model) {
        loads.merge(model, 1, Integer::sum);
        return loaded.add(model);
    }

    /** Unloads the model; false if it was not loaded. */
    boolean unload(PracticeModel model) {
        return loaded.remove(model);
    }

    int loads(PracticeModel model) {
        return loads.getOrDefault(model, 0);
    }
}
