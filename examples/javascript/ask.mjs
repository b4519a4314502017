// Streams an answer of each model and says how soon its first token came.
// GATEWAY_URL: the gateway, by default http://127.0.0.1:5274/v1
import OpenAI from "openai";

const client = new OpenAI({ baseURL: process.env.GATEWAY_URL ?? "http://127.0.0.1:5274/v1", apiKey: process.env.GATEWAY_API_KEY ?? "none" });
const question = process.argv[2] ?? "Why is the sky blue?";

for await (const { id } of await client.models.list()) {
  const started = performance.now();
  let first = 0;
  process.stdout.write(`${id}: `);
  const { data: stream, response } = await client.chat.completions
    .create({ model: id, stream: true, max_tokens: 60, messages: [{ role: "user", content: question }] })
    .withResponse();
  for await (const chunk of stream) {
    const text = chunk.choices[0]?.delta?.content ?? "";
    if (text) first ||= performance.now() - started;
    process.stdout.write(text);
  }
  console.log(`\n  route ${response.headers.get("x-gateway-route")}, first token after ${Math.round(first)} ms\n`);
}
