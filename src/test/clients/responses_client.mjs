// The official Node clients of OpenAI's Responses and Anthropic's Messages against BASE_URL: prints what they saw as one line of JSON.
// usage: node responses_client.mjs BASE_URL MODEL TOOL_CHOICE, which is required or none
import Anthropic from "@anthropic-ai/sdk";
import OpenAI from "openai";

const [baseURL, model, choice] = process.argv.slice(2);
const client = new OpenAI({ baseURL, apiKey: "not-needed", maxRetries: 0, timeout: 120_000 });
const question = { model, input: "Name three colours.", temperature: 0, max_output_tokens: 16 };
const parameters = {
  type: "object",
  properties: { a: { type: "integer" }, b: { type: "integer" } },
  required: ["a", "b"],
  additionalProperties: false,
};
const sum = { model, temperature: 0, max_output_tokens: 100 };

async function plain() {
  const answer = await client.responses.create(question);
  return { text: answer.output_text, status: answer.status, tokens: answer.usage.output_tokens, id: answer.id };
}

async function streamed() {
  const events = [];
  let last;
  for await (const event of client.responses.stream(question)) {
    events.push(event.type);
    last = event;
  }
  const final = last.response;
  const text = final.output.flatMap((item) => item.content ?? []).map((part) => part.text).join("");
  return { text, status: final.status, last: last.type, events: events.length };
}

async function parsed() {
  const wish = {
    model,
    input: "Name two colours as JSON.",
    temperature: 0,
    max_output_tokens: 60,
    text: {
      format: {
        type: "json_schema",
        name: "colours",
        strict: true,
        schema: {
          type: "object",
          properties: { colours: { type: "array", items: { type: "string" } } },
          required: ["colours"],
          additionalProperties: false,
        },
      },
    },
  };
  try {
    return { colours: JSON.parse((await client.responses.parse(wish)).output_text).colours ?? [] };
  } catch (error) {
    if (error.code === "schema_violation") return { colours: [] }; // not each model keeps to a schema; then there is no answer
    throw error;
  }
}

async function tools() {
  const first = await client.responses.create({
    ...sum,
    input: "What is 2 plus 3? Use the tool.",
    tools: [{ type: "function", name: "add", description: "Adds two whole numbers.", strict: false, parameters }],
    tool_choice: choice,
  });
  const calls = first.output.filter((item) => item.type === "function_call");
  // Not each small model calls a tool when it must; the next turn is asked for in any case.
  const outputs = calls.map((call) => ({ type: "function_call_output", call_id: call.call_id, output: "5" }));
  const second = await client.responses.create({
    model,
    temperature: 0,
    max_output_tokens: 30,
    previous_response_id: first.id,
    input: outputs.length ? outputs : "Go on.",
  });
  const items = [];
  for await (const item of client.responses.inputItems.list(second.id, { order: "asc" })) items.push(item.type);
  const read = await client.responses.retrieve(second.id);
  await client.responses.delete(first.id);
  const gone = await client.responses.retrieve(first.id).then(
    () => 200,
    (error) => error.status,
  );
  return {
    name: calls[0]?.name ?? "",
    arguments: calls[0] ? Object.keys(JSON.parse(calls[0].arguments)).sort() : [],
    text: second.output_text,
    items,
    same: read.output_text === second.output_text,
    gone,
  };
}

async function conversation() {
  const { id } = await client.conversations.create({
    metadata: { topic: "colours" },
    items: [{ type: "message", role: "developer", content: "Be brief." }],
  });
  const answer = await client.responses.create({ ...question, conversation: id });
  for await (const event of client.responses.stream({ ...question, conversation: { id } })) void event;
  const roles = [];
  for await (const item of client.conversations.items.list(id, { order: "asc", limit: 2 })) roles.push(item.role);
  const items = [{ type: "message", role: "user", content: "Bye." }];
  const added = await client.conversations.items.create(id, { items });
  const read = await client.conversations.items.retrieve(added.data[0].id, { conversation_id: id });
  await client.conversations.items.delete(read.id, { conversation_id: id });
  const changed = await client.conversations.update(id, { metadata: { topic: "none" } });
  return {
    conversation: answer.conversation.id === id,
    roles,
    read: read.content[0].text,
    topic: (await client.conversations.retrieve(id)).metadata.topic,
    changed: changed.object,
    deleted: (await client.conversations.delete(id)).deleted,
  };
}

async function refused() {
  return client.responses.create({ ...question, tools: [{ type: "web_search" }] }).then(
    () => ({ status: 200 }),
    (error) => ({ status: error.status, param: error.param }),
  );
}

async function message() {
  const claude = new Anthropic({
    baseURL: baseURL.replace(/\/v1$/, ""),
    apiKey: "not-needed",
    maxRetries: 0,
    timeout: 120_000,
  });
  const messages = [{ role: "user", content: "Name three colours." }];
  const asked = { model, max_tokens: 16, temperature: 0, messages };
  const answer = await claude.messages.create(asked);
  const stream = claude.messages.stream(asked);
  const streamed = await stream.finalText();
  const call = await claude.messages.create({
    model,
    max_tokens: 100,
    temperature: 0,
    messages: [{ role: "user", content: "What is 2 plus 3? Use the tool." }],
    tools: [{ name: "add", description: "Adds two whole numbers.", input_schema: parameters }],
    tool_choice: { type: choice === "required" ? "any" : "none" },
  });
  const use = call.content.find((block) => block.type === "tool_use");
  const models = [];
  for await (const each of claude.models.list()) models.push(each.id);
  return {
    text: answer.content[0].text,
    streamed,
    stop: (await stream.finalMessage()).stop_reason,
    tokens: answer.usage.output_tokens,
    counted: (await claude.messages.countTokens({ model, messages })).input_tokens,
    models,
    tool: use?.name ?? "",
    input: Object.keys(use?.input ?? {}).sort(),
  };
}

console.log(
  JSON.stringify({
    plain: await plain(),
    stream: await streamed(),
    parsed: await parsed(),
    tools: await tools(),
    conversation: await conversation(),
    refused: await refused(),
    message: await message(),
  }),
);
