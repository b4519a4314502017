"""The official clients of OpenAI's Responses and Anthropic's Messages against BASE_URL: prints what they saw as one line of JSON.
usage: responses_client.py BASE_URL MODEL TOOL_CHOICE, which is required or none"""
import json
import sys

import anthropic
import openai
from pydantic import BaseModel

base_url, model, choice = sys.argv[1:4]
client = openai.OpenAI(base_url=base_url, api_key="not-needed", max_retries=0, timeout=120)
question = dict(model=model, input="Name three colours.", temperature=0, max_output_tokens=16)
add = dict(
    type="function",
    name="add",
    description="Adds two whole numbers.",
    strict=False,
    parameters=dict(
        type="object",
        properties=dict(a=dict(type="integer"), b=dict(type="integer")),
        required=["a", "b"],
        additionalProperties=False,
    ),
)
sum_question = dict(model=model, temperature=0, max_output_tokens=100, tools=[add], tool_choice=choice)


class Colours(BaseModel):
    colours: list[str]


def plain():
    answer = client.responses.create(**question)
    return {
        "text": answer.output_text,
        "status": answer.status,
        "tokens": answer.usage.output_tokens,
        "id": answer.id,
    }


def streamed():
    events = []
    with client.responses.stream(**question) as stream:
        for event in stream:
            events.append(event.type)
        final = stream.get_final_response() if "response.completed" in events else event.response
    return {"text": final.output_text, "status": final.status, "last": events[-1], "events": len(events)}


def parsed():
    wish = dict(model=model, input="Name two colours as JSON.", temperature=0, max_output_tokens=60)
    try:
        answer = client.responses.parse(text_format=Colours, **wish)
    except openai.InternalServerError as error:  # not each model keeps to a schema; then there is no answer
        assert error.code == "schema_violation", error
        return {"colours": []}
    return {"colours": answer.output_parsed.colours if answer.output_parsed else []}


def tools():
    first = client.responses.create(input="What is 2 plus 3? Use the tool.", **sum_question)
    calls = [item for item in first.output if item.type == "function_call"]
    # Not each small model calls a tool when it must; the next turn is asked for in any case.
    outputs = [dict(type="function_call_output", call_id=call.call_id, output="5") for call in calls]
    second = client.responses.create(
        model=model, temperature=0, max_output_tokens=30, previous_response_id=first.id, input=outputs or "Go on."
    )
    items = client.responses.input_items.list(second.id, order="asc")
    read = client.responses.retrieve(second.id)
    client.responses.delete(first.id)
    try:
        client.responses.retrieve(first.id)
        gone = 200
    except openai.APIStatusError as error:
        gone = error.status_code
    return {
        "name": calls[0].name if calls else "",
        "arguments": sorted(json.loads(calls[0].arguments)) if calls else [],
        "text": second.output_text,
        "items": [item.type for item in items],
        "same": read.output_text == second.output_text,
        "gone": gone,
    }


def conversation():
    kept = client.conversations.create(metadata={"topic": "colours"}, items=[dict(role="developer", content="Be brief.")])
    answer = client.responses.create(conversation=kept.id, **question)
    with client.responses.stream(conversation=kept.id, **question) as stream:
        for event in stream:
            pass
    items = list(client.conversations.items.list(kept.id, order="asc", limit=2))
    added = client.conversations.items.create(kept.id, items=[dict(role="user", content="Bye.")])
    read = client.conversations.items.retrieve(added.data[0].id, conversation_id=kept.id)
    client.conversations.items.delete(read.id, conversation_id=kept.id)
    changed = client.conversations.update(kept.id, metadata={"topic": "none"})
    return {
        "conversation": answer.conversation.id == kept.id,
        "roles": [item.role for item in items],
        "read": read.content[0].text,
        "topic": client.conversations.retrieve(kept.id).metadata["topic"],
        "changed": changed.object,
        "deleted": client.conversations.delete(kept.id).deleted,
    }


def compacted():
    said = [dict(role="user", content="My cat is called Miro."), dict(role="assistant", content="Nice.")]
    short = client.responses.compact(model=model, input=said, extra_body=dict(max_output_tokens=40))
    items = [item.model_dump(exclude_none=True, warnings=False) for item in short.output]
    answer = client.responses.create(
        model=model, input=items + [dict(role="user", content="What is it called?")], temperature=0, max_output_tokens=16
    )
    return {"object": short.object, "types": [item["type"] for item in items], "text": answer.output_text}


def functions():
    old = dict(name=add["name"], description=add["description"], parameters=add["parameters"])
    asked = dict(model=model, temperature=0, max_tokens=60, functions=[old])
    asked["function_call"] = dict(name="add") if choice == "required" else "none"
    messages = [dict(role="user", content="What is 2 plus 3?")]
    first = client.chat.completions.create(messages=messages, **asked).choices[0]
    arguments = finish = ""
    for chunk in client.chat.completions.create(messages=messages, stream=True, **asked):
        for part in chunk.choices:
            arguments += part.delta.function_call.arguments if part.delta.function_call else ""
            finish = part.finish_reason or finish
    call = first.message.function_call
    result = []
    if call:
        said = dict(role="assistant", content=None, function_call=dict(name=call.name, arguments=call.arguments))
        asked["function_call"] = "none"
        messages += [said, dict(role="function", name=call.name, content="5")]
        result = [client.chat.completions.create(messages=messages, **asked).choices[0].message.content]
    return {
        "finish": first.finish_reason,
        "name": call.name if call else "",
        "arguments": sorted(json.loads(call.arguments)) if call else [],
        "streamed": sorted(json.loads(arguments)) if arguments else [],
        "streamedFinish": finish,
        "result": result,
    }


def refused():
    try:
        client.responses.create(tools=[dict(type="web_search")], **question)
    except openai.APIStatusError as error:
        return {"status": error.status_code, "param": error.param}
    return {"status": 200}


claude = anthropic.Anthropic(
    base_url=base_url.removesuffix("/v1"), api_key="not-needed", max_retries=0, timeout=120
)
asked = dict(
    model=model,
    max_tokens=16,
    extra_body=dict(temperature=0),
    messages=[dict(role="user", content="Name three colours.")],
)


def message():
    answer = claude.messages.create(**asked)
    with claude.messages.stream(**asked) as stream:
        text = "".join(stream.text_stream)
        final = stream.get_final_message()
    call = claude.messages.create(
        model=model,
        max_tokens=100,
        extra_body=dict(temperature=0),
        messages=[dict(role="user", content="What is 2 plus 3? Use the tool.")],
        tools=[dict(name="add", description="Adds two whole numbers.", input_schema=add["parameters"])],
        tool_choice=dict(type="any" if choice == "required" else "none"),
    )
    uses = [block for block in call.content if block.type == "tool_use"]
    return {
        "text": answer.content[0].text,
        "streamed": text,
        "stop": final.stop_reason,
        "tokens": answer.usage.output_tokens,
        "counted": claude.messages.count_tokens(model=model, messages=asked["messages"]).input_tokens,
        "models": [each.id for each in claude.models.list()],
        "tool": uses[0].name if uses else "",
        "input": sorted(uses[0].input) if uses else [],
    }


facts = {
    "plain": plain(),
    "stream": streamed(),
    "parsed": parsed(),
    "tools": tools(),
    "conversation": conversation(),
    "compacted": compacted(),
    "functions": functions(),
    "refused": refused(),
    "message": message(),
}
print(json.dumps(facts))
