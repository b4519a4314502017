// Checks the manifests of the Prometheus operator's kinds in a file against the operator's schemas: prints each kind that it has checked.
// usage: node operator.mjs FILE
import { readFileSync } from "node:fs";
import { PrometheusRule } from "@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/PrometheusRule";
import { ServiceMonitor } from "@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/ServiceMonitor";
import { parseAllDocuments } from "yaml";

const kinds = { PrometheusRule, ServiceMonitor };
for (const document of parseAllDocuments(readFileSync(process.argv[2], "utf8"), { strict: true, uniqueKeys: true })) {
  const manifest = document.toJS();
  if (kinds[manifest.kind]) {
    new kinds[manifest.kind](manifest).validate();
    console.log(manifest.kind);
  }
}
