package dev.foundrygateway.retrieval.store;

import dev.foundrygateway.exchange.Caller;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Where entries stood in their lists that were deleted lately: a client that deletes what it lists, page by page, goes on behind one that is gone. The last
 * {@value #MOST} of each list's kind, until the gateway ends. Thread-safe.
 */
public final class DeletedPlaces {
    private static final int MOST = 1_000;

    private final Map<String, StoreRecord> stores = new Last<>();
    /** The ids of the files before those that were taken out of a store, by store and file; empty for the first. */
    private final Map<String, String> files = new Last<>();

    /** The latest entries. */
    static final class Last<V> extends LinkedHashMap<String, V> {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, V> eldest) {
            return size() > MOST;
        }
    }

    synchronized void deleted(StoreRecord store) {
        stores.put(store.id(), store.bare());
    }

    /** Files are about to be taken out of a store. */
    synchronized void takenOut(StoreRecord store, List<String> fileIds) {
        Set<String> gone = Set.copyOf(fileIds);
        String before = "";
        for (String id : store.files().keySet()) {
            if (gone.contains(id)) {
                files.put(store.id() + "/" + id, before);
            } else {
                before = id;
            }
        }
    }

    /** How many of these stores, the oldest first, stood before one that was deleted; -1 where none such is known to this caller. */
    public synchronized int before(String storeId, List<StoreRecord> listed, Caller caller) {
        StoreRecord gone = stores.get(storeId);
        return gone == null || !Authority.sees(caller, gone)
                ? -1
                : (int) listed.stream()
                        .filter(one -> one.order() < gone.order())
                        .count();
    }

    /** How many of these files of a store stood before one that was taken out of it; -1 where that is not known. */
    public synchronized int before(String storeId, String fileId, List<StoreFile> listed) {
        Map<String, Integer> places = new HashMap<>();
        listed.forEach(file -> places.put(file.id(), places.size() + 1));
        String last = fileId;
        // Files that were added again may point at each other.
        for (int i = 0; i < MOST; i++) {
            last = files.get(storeId + "/" + last);
            if (last == null || last.isEmpty() || places.containsKey(last)) {
                return last == null ? -1 : places.getOrDefault(last, 0);
            }
        }
        return -1;
    }
}
