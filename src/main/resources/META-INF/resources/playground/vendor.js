// The libraries, from the gateway's own origin: their jars put them there, under the versions that pom.xml names. The small forms of two of them are plain scripts,
// which leave a global; uPlot's is loaded by the page itself.
import "/_static/dompurify/3.4.15/dist/purify.min.js";

export { Marked } from "/_static/marked/16.0.0/lib/marked.esm.js";
export const DOMPurify = globalThis.DOMPurify;
export const uPlot = globalThis.uPlot;
