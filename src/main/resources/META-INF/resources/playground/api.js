/** What went wrong with a call: `code` is OpenAI's, or empty; `status` is HTTP's, or 0 where nothing answered. */
export class CallError extends Error {
  constructor(message, code = "", status = 0) {
    super(message);
    this.code = code;
    this.status = status;
  }
}

/** The API key, as long as the tab is open. */
export const key = () => sessionStorage.getItem("key") ?? "";

/** Calls the gateway; an answer that is an error is thrown. */
export async function call(path, { json, headers, ...options } = {}) {
  let response;
  try {
    response = await fetch(path, {
      ...options,
      ...(json === undefined ? {} : { method: options.method ?? "POST", body: JSON.stringify(json) }),
      headers: { ...(json === undefined ? {} : { "Content-Type": "application/json" }), ...(key() ? { Authorization: `Bearer ${key()}` } : {}), ...headers },
    });
  } catch (error) {
    if (options.signal?.aborted) throw error;
    throw new CallError("The gateway does not answer. Is it still running?");
  }
  if (response.ok) return response;
  const error = await failure(response);
  // The page shows the field for the key, whichever view has asked.
  if (error.status === 401) window.dispatchEvent(new Event("keywanted"));
  throw error;
}

/** The same, for the JSON of the answer. */
export async function get(path, options) {
  return (await call(path, options)).json();
}

async function failure(response) {
  const text = await response.text();
  try {
    const { error } = JSON.parse(text);
    return new CallError(error.message ?? text, error.code ?? "", response.status);
  } catch {
    return new CallError(text || `The gateway answered with status ${response.status}.`, "", response.status);
  }
}

/** What a person can do about it, in a sentence; empty if nothing is known. */
export function remedy(error) {
  switch (error.code) {
    case "invalid_api_key": return "Enter an API key under Options, Settings.";
    case "upstream_unreachable": return "Start the model server, or set FOUNDRY_LOCAL_ENDPOINT.";
    case "model_not_found": return "Choose another model.";
    case "context_length_exceeded": return "Start a new chat, or use fewer documents.";
    case "overloaded": case "circuit_open": case "rate_limit_exceeded": return "Wait a moment.";
    default: return "";
  }
}
