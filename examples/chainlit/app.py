"""A chat that grounds its answers on three notes, and on text files that are attached to a question.

The gateway does the retrieval: the documents travel in the request's "gateway" member, and the passages that the model was given come back.
Run: chainlit run app.py --port 8081      GATEWAY_URL: the gateway, by default http://127.0.0.1:5274/v1
"""

import os

import chainlit as cl
from chainlit.input_widget import Select
from openai import AsyncOpenAI

client = AsyncOpenAI(base_url=os.environ.get("GATEWAY_URL", "http://127.0.0.1:5274/v1"), api_key=os.environ.get("GATEWAY_API_KEY", "none"))

NOTES = [
    {"title": "Local inference", "text": "A model that runs on the user's own machine keeps prompts private and answers without a network."},
    {"title": "Retrieval", "text": "Retrieval-augmented generation gives a model passages that fit the question, so that its answer rests on them."},
    {"title": "Small and large", "text": "A small model answers quickly. A large one is asked where the small one is unsure."},
]


@cl.on_chat_start
async def start():
    names = [model.id async for model in await client.models.list()]
    cl.user_session.set("history", [])
    cl.user_session.set("model", names[0])
    await cl.ChatSettings([Select(id="model", label="Model", values=names, initial_index=0)]).send()
    await cl.Message(f"Ask me about local models. {len(NOTES)} notes are loaded; attach text files for more. The model is {names[0]}.").send()


@cl.on_settings_update
async def switch(settings):
    cl.user_session.set("model", settings["model"])
    await cl.Message(f"The model is {settings['model']} now.").send()


def attached(message):
    """The text files of a question, as documents."""
    for element in message.elements or []:
        if element.path and (element.mime or "").startswith("text/"):
            with open(element.path, encoding="utf-8", errors="replace") as file:
                yield {"title": element.name, "text": file.read()}


@cl.on_message
async def answer(message: cl.Message):
    history = cl.user_session.get("history")
    history.append({"role": "user", "content": message.content})
    reply = cl.Message("")
    report = {}
    stream = await client.chat.completions.create(
        model=cl.user_session.get("model"),
        messages=history,
        max_tokens=300,
        temperature=0.3,
        stream=True,
        extra_body={"gateway": {"documents": NOTES + list(attached(message)), "sources": ["annotations", "chunks"]}},
    )
    async for chunk in stream:
        report.update(getattr(chunk, "gateway", None) or {})
        if chunk.choices and chunk.choices[0].delta.content:
            await reply.stream_token(chunk.choices[0].delta.content)
    history.append({"role": "assistant", "content": reply.content})
    passages = {passage["id"]: passage["text"] for passage in report.get("chunks", [])}
    reply.elements = [
        cl.Text(name=f"[{source['n']}] {source['title']}", content=passages.get(source["id"], ""), display="inline") for source in report.get("sources", [])
    ]
    await reply.update()
