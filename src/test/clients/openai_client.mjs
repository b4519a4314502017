// The official OpenAI Node client against BASE_URL: prints what it saw as one line of JSON.
// usage: node openai_client.mjs BASE_URL MODEL
import OpenAI from "openai";

const [baseURL, model] = process.argv.slice(2);
const client = new OpenAI({ baseURL, apiKey: "not-needed", maxRetries: 0, timeout: 120_000 });
const question = { messages: [{ role: "user", content: "Name three colours." }], temperature: 0, max_tokens: 16 };

async function plain() {
  const answer = await client.chat.completions.create({ model, ...question });
  const [choice] = answer.choices;
  return { text: choice.message.content, finish: choice.finish_reason, total_tokens: answer.usage.total_tokens };
}

async function streamed(more = {}) {
  const seen = { text: "", chunks: 0, finish: null, total_tokens: 0 };
  for await (const chunk of await client.chat.completions.create({ model, stream: true, ...question, ...more })) {
    seen.chunks++;
    if (chunk.usage) seen.total_tokens = chunk.usage.total_tokens;
    for (const choice of chunk.choices) {
      seen.text += choice.delta.content ?? "";
      seen.finish = choice.finish_reason ?? seen.finish;
    }
  }
  return seen;
}

async function failure(more = {}) {
  try {
    const answer = await client.chat.completions.create({ model: "no-such-model", ...question, ...more });
    if (more.stream) for await (const chunk of answer) void chunk;
    return { class: "none", status: 200, message: "" };
  } catch (error) {
    return { class: error.constructor.name, status: error.status ?? 0, code: error.code ?? null, message: error.message };
  }
}

async function aborted() {
  const stream = await client.chat.completions.create({
    model,
    stream: true,
    max_tokens: 2000,
    temperature: 0,
    messages: [{ role: "user", content: "Count from 1 to 1000, one number a line." }],
  });
  let chunks = 0;
  for await (const chunk of stream) {
    if (chunk.choices[0]?.delta?.content) {
      chunks++;
      stream.controller.abort();
      break;
    }
  }
  return { chunks };
}

const models = [];
for await (const item of client.models.list()) models.push(item.id);
const facts = {
  models,
  retrieved: (await client.models.retrieve(models[0])).id,
  plain: await plain(),
  stream: await streamed(),
  stream_usage: await streamed({ stream_options: { include_usage: true } }),
  unknown: await failure(),
  unknown_stream: await failure({ stream: true }),
  aborted: await aborted(),
  after_abort: await plain(),
};
console.log(JSON.stringify(facts));
