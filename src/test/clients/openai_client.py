"""The official OpenAI Python client against BASE_URL: prints what it saw as one line of JSON.
usage: openai_client.py BASE_URL MODEL"""
import json
import sys

import openai

base_url, model = sys.argv[1:3]
client = openai.OpenAI(base_url=base_url, api_key="not-needed", max_retries=0, timeout=120)
question = dict(
    messages=[{"role": "user", "content": "Name three colours."}], temperature=0, max_tokens=16
)


def plain():
    answer = client.chat.completions.create(model=model, **question)
    choice = answer.choices[0]
    return {
        "text": choice.message.content,
        "finish": choice.finish_reason,
        "total_tokens": answer.usage.total_tokens,
    }


def streamed(**more):
    text, chunks, finish, total = "", 0, None, 0
    for chunk in client.chat.completions.create(model=model, stream=True, **question, **more):
        chunks += 1
        if chunk.usage:
            total = chunk.usage.total_tokens
        for choice in chunk.choices:
            text += choice.delta.content or ""
            finish = choice.finish_reason or finish
    return {"text": text, "chunks": chunks, "finish": finish, "total_tokens": total}


def failure(**more):
    try:
        for _ in client.chat.completions.create(model="no-such-model", **question, **more):
            pass
    except openai.APIStatusError as error:
        return {
            "class": type(error).__name__,
            "status": error.status_code,
            "code": error.code,
            "message": error.message,
        }
    except openai.OpenAIError as error:
        return {"class": type(error).__name__, "status": 0, "message": str(error)}
    return {"class": "none", "status": 200, "message": ""}


def aborted():
    stream = client.chat.completions.create(
        model=model,
        stream=True,
        max_tokens=2000,
        temperature=0,
        messages=[{"role": "user", "content": "Count from 1 to 1000, one number a line."}],
    )
    chunks = 0
    for chunk in stream:
        if chunk.choices and chunk.choices[0].delta.content:
            chunks += 1
            break
    stream.close()
    return {"chunks": chunks}


models = [item.id for item in client.models.list()]
facts = {
    "models": models,
    "retrieved": client.models.retrieve(models[0]).id,
    "plain": plain(),
    "stream": streamed(),
    "stream_usage": streamed(stream_options={"include_usage": True}),
    "unknown": failure(),
    "unknown_stream": failure(stream=True),
    "aborted": aborted(),
    "after_abort": plain(),
}
print(json.dumps(facts))
