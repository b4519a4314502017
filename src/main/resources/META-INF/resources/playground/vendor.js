// The libraries, from the gateway's own origin: their jars put them there, under the versions that pom.xml names.
export { Marked } from "/_static/marked/16.0.0/lib/marked.esm.js";
export { default as DOMPurify } from "/_static/dompurify/3.4.15/dist/purify.es.mjs";
export { default as uPlot } from "/webjars/uplot/1.6.30/dist/uPlot.esm.js";
