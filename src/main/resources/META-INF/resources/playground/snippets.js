import { button, byId, copyButton } from "./dom.js";

const base = `${location.origin}/v1`;
const BODY = '{"model":"MODEL","messages":[{"role":"user","content":"Why is the sky blue?"}]}';
const SNIPPETS = {
  curl: `curl ${base}/chat/completions -H 'Content-Type: application/json' \\\n  -d '${BODY}'`,
  Python: `from openai import OpenAI

client = OpenAI(base_url="${base}", api_key="not-needed")
answer = client.chat.completions.create(model="MODEL",
    messages=[{"role": "user", "content": "Why is the sky blue?"}])
print(answer.choices[0].message.content)`,
  JavaScript: `import OpenAI from "openai";

const client = new OpenAI({ baseURL: "${base}", apiKey: "not-needed" });
const answer = await client.chat.completions.create({ model: "MODEL",
  messages: [{ role: "user", content: "Why is the sky blue?" }] });
console.log(answer.choices[0].message.content);`,
};

/** The base URL and how it is called, to be copied; with the model that `model()` names. */
export function showSnippets(model) {
  let chosen = "curl";
  const text = () => SNIPPETS[chosen].replaceAll("MODEL", model() || "hybrid");
  const show = () => {
    byId("snippet").textContent = text();
    for (const other of byId("snippet-buttons").children) other.setAttribute("aria-pressed", String(other.textContent === chosen));
  };
  byId("base-url").textContent = base;
  byId("copy-url").replaceWith(copyButton(() => base, { id: "copy-url", "aria-label": "Copy the base URL" }));
  byId("copy-snippet").replaceWith(copyButton(text, { id: "copy-snippet", "aria-label": "Copy the code" }));
  byId("snippet-buttons").append(
    ...Object.keys(SNIPPETS).map((name) =>
      button(name, () => {
        chosen = name;
        show();
      }),
    ),
  );
  byId("snippets").addEventListener("toggle", show);
  show();
}
