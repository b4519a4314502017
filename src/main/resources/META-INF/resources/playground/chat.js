import { CallError, call, get } from "./api.js";
import { eventData } from "./sse.js";

/** The numbers of a Server-Timing header by name, in milliseconds. https://www.w3.org/TR/server-timing/ */
export function serverTiming(header) {
  const parts = {};
  for (const entry of (header ?? "").split(",")) {
    const found = /^\s*([\w-]+)\s*;\s*dur=([\d.]+)/.exec(entry);
    if (found) parts[found[1]] = Number(found[2]);
  }
  return parts;
}

/**
 * Asks for one streamed answer, and measures it by the page's own clock.
 *
 * @param request the body of a chat request, without its stream members
 * @param options `signal` to stop, `onText` and `onReasoning` for each piece as it comes
 * @returns text, reasoning, usage, gateway, annotations, finish, route, reason, score, model, timing (the gateway's), firstMs, totalMs, tokens, estimated,
 *     tokensPerSecond and stopped; the text so far where it was stopped
 * @throws CallError for an error of the gateway or of the model server, with what came before it as `partial`
 */
export async function ask(request, { signal, onText = () => {}, onReasoning = () => {} } = {}) {
  const answer = {
    text: "", reasoning: "", usage: null, gateway: {}, annotations: [], finish: "", route: "", reason: "", score: "", model: request.model,
    timing: {}, firstMs: 0, totalMs: 0, tokens: 0, estimated: true, tokensPerSecond: 0, stopped: false,
  };
  const started = performance.now();
  let pieces = 0;
  try {
    const response = await call("/v1/chat/completions", { json: { ...request, stream: true, stream_options: { include_usage: true } }, signal });
    readHead(answer, response.headers);
    for await (const data of eventData(response.body)) {
      if (data === "[DONE]") continue;
      const chunk = JSON.parse(data);
      if (chunk.error) throw new CallError(chunk.error.message ?? String(chunk.error), chunk.error.code ?? "");
      if (chunk.usage) answer.usage = chunk.usage;
      if (chunk.gateway) Object.assign(answer.gateway, chunk.gateway);
      const choice = chunk.choices?.[0];
      if (!choice) continue;
      const { content, reasoning_content: reasoning, annotations } = choice.delta ?? {};
      if (annotations) answer.annotations.push(...annotations);
      if (choice.finish_reason) answer.finish = choice.finish_reason;
      if (!content && !reasoning) continue;
      pieces++;
      if (!answer.firstMs) answer.firstMs = performance.now() - started;
      if (reasoning) onReasoning((answer.reasoning += reasoning));
      if (content) onText((answer.text += content));
    }
  } catch (error) {
    if (!signal?.aborted) {
      const told = error instanceof CallError ? error : new CallError(`The answer broke off: ${error.message}`);
      told.partial = measured(answer, started, pieces);
      throw told;
    }
    answer.stopped = true;
  }
  return measured(answer, started, pieces);
}

function readHead(answer, headers) {
  answer.model = headers.get("X-Gateway-Model") ?? answer.model;
  answer.route = headers.get("X-Gateway-Route") ?? "";
  answer.reason = headers.get("X-Gateway-Reason") ?? "";
  answer.score = headers.get("X-Gateway-Score") ?? "";
  answer.timing = serverTiming(headers.get("Server-Timing"));
}

/** What the last chunk says counts: a head that left early, to keep the connection, knew less. */
function measured(answer, started, pieces) {
  answer.totalMs = performance.now() - started;
  const { route, reason, score, timing } = answer.gateway;
  answer.route = route ?? answer.route;
  answer.reason = reason ?? answer.reason;
  answer.score = score ?? answer.score;
  answer.timing = { ...answer.timing, ...timing };
  answer.estimated = !answer.usage?.completion_tokens || answer.gateway.usage_estimated === true;
  answer.tokens = answer.usage?.completion_tokens || pieces;
  // What was held back until a verdict was written meanwhile.
  const writing = (answer.totalMs - answer.firstMs + (answer.timing.hold ?? 0)) / 1000;
  answer.tokensPerSecond = answer.tokens > 1 && writing > 0 ? (answer.tokens - 1) / writing : 0;
  return answer;
}

/** The ids of all models, as the gateway lists them. */
export async function models() {
  return (await get("/v1/models")).data.map((model) => model.id);
}
