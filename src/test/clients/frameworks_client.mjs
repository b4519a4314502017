// The AI SDK's default OpenAI provider against BASE_URL: prints what it saw as one line of JSON.
// usage: node frameworks_client.mjs BASE_URL MODEL TOOL_CHOICE, which is required or none
import { createOpenAI } from "@ai-sdk/openai";
import { generateText, stepCountIs, streamText, tool } from "ai";
import { z } from "zod";

const [baseURL, name, toolChoice] = process.argv.slice(2);
const model = createOpenAI({ baseURL, apiKey: "not-needed" })(name);
const question = { model, prompt: "Name three colours.", temperature: 0, maxOutputTokens: 16, maxRetries: 0 };
const called = [];
const add = tool({
  description: "Adds two whole numbers.",
  inputSchema: z.object({ a: z.number().int(), b: z.number().int() }),
  execute: async ({ a, b }) => {
    called.push([a, b]);
    return a + b;
  },
});

const plain = await generateText(question);
const streamed = streamText(question);
let text = "";
for await (const piece of streamed.textStream) text += piece;
const tools = await generateText({
  model,
  prompt: "What is 2 plus 3? Use the tool.",
  temperature: 0,
  maxOutputTokens: 100,
  maxRetries: 0,
  tools: { add },
  toolChoice,
  stopWhen: stepCountIs(1),
});
console.log(
  JSON.stringify({
    aisdk: {
      text: plain.text,
      id: plain.response.id,
      tokens: plain.usage.outputTokens,
      finish: plain.finishReason,
      streamed: text,
      streamedFinish: await streamed.finishReason,
      tools: tools.toolCalls.map((call) => call.toolName),
      called,
    },
  }),
);
