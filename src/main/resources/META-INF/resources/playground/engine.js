const FOLDER = new URL("/webgpu/", location.href).href;
const MOST_TOKENS = 256;

/** The browser's WebGPU adapter with a name for people; undefined if there is none. https://www.w3.org/TR/webgpu/#gpuadapterinfo */
export async function findAdapter() {
  const found = await navigator.gpu?.requestAdapter().catch(() => undefined);
  if (!found) return undefined;
  const { vendor, architecture, description } = found.info ?? {};
  return { name: [vendor, architecture, description].filter(Boolean).join(" ") || "an unnamed adapter", halfFloats: found.features.has("shader-f16") };
}

/**
 * Loads a model out of the folder that the gateway serves, with the library that lies there (Transformers.js, which compiles for WebGPU and has the browser
 * keep what it has fetched). Nothing is asked of any other host.
 *
 * @returns a function that answers messages: as `ask` of chat.js does, with the page's own times
 */
export async function loadModel(name, adapter, onProgress) {
  const { InterruptableStoppingCriteria, TextStreamer, env, pipeline } = await import(`${FOLDER}transformers.min.js`);
  env.allowRemoteModels = false;
  env.allowLocalModels = true;
  // A path, not a URL: the library takes URLs for remote, and then does not look for the tokenizer.
  env.localModelPath = new URL("models/", FOLDER).pathname;
  env.backends.onnx.wasm.wasmPaths = FOLDER;
  const generate = await pipeline("text-generation", name, {
    device: "webgpu",
    dtype: adapter.halfFloats ? "q4f16" : "q4",
    progress_callback: ({ status, progress }) => status === "progress" && onProgress(Math.round(progress)),
  });
  return async (messages, { signal, onText }) => {
    const answer = { text: "", model: name, route: "page", reason: "", score: "", gateway: {}, timing: {}, tokens: 0, estimated: false, firstMs: 0 };
    const stop = new InterruptableStoppingCriteria();
    signal.addEventListener("abort", () => stop.interrupt());
    const started = performance.now();
    const streamer = new TextStreamer(generate.tokenizer, {
      skip_prompt: true,
      skip_special_tokens: true,
      token_callback_function: () => {
        answer.firstMs ||= performance.now() - started;
        answer.tokens++;
      },
      callback_function: (piece) => onText((answer.text += piece)),
    });
    await generate(messages, { max_new_tokens: MOST_TOKENS, do_sample: false, streamer, stopping_criteria: stop });
    answer.totalMs = performance.now() - started;
    answer.stopped = signal.aborted;
    const writing = (answer.totalMs - answer.firstMs) / 1000;
    answer.tokensPerSecond = answer.tokens > 1 && writing > 0 ? (answer.tokens - 1) / writing : 0;
    return answer;
  };
}
