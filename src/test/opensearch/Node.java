import org.codelibs.opensearch.runner.OpenSearchRunner;
import org.opensearch.core.common.transport.BoundTransportAddress;
import org.opensearch.http.HttpServerTransport;

/** An OpenSearch node in this process, until its standard input ends. Says {@code READY <port>} when it can be used. */
public class Node {
    /** Takes the folder for its data, and a plugin's class or nothing. */
    public static void main(String[] arguments) throws Exception {
        OpenSearchRunner runner = new OpenSearchRunner();
        runner.onBuild((number, settings) -> {
            settings.put("http.port", "9200-9299");
            settings.put("transport.port", "9300-9399");
            settings.put("discovery.type", "single-node");
            settings.put("network.host", "127.0.0.1");
            // The machine's disk is no concern of these tests.
            settings.put("cluster.routing.allocation.disk.threshold_enabled", false);
        });
        OpenSearchRunner.Configs configs =
                OpenSearchRunner.newConfigs().basePath(arguments[0]).numOfNode(1).useLogger();
        if (arguments.length > 1) {
            configs.pluginTypes(arguments[1]);
        }
        runner.build(configs);
        BoundTransportAddress address = runner.getInstance(HttpServerTransport.class).boundAddress();
        System.out.println("READY " + address.publishAddress().getPort());
        while (System.in.read() >= 0) {
            // Until the tests' process has ended, however it ended.
        }
        System.exit(0);
    }
}
