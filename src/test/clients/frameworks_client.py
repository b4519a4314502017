"""LangChain by Responses and OpenAI's Agents SDK with its default model class against BASE_URL: prints what they saw as one line of JSON.
usage: frameworks_client.py BASE_URL MODEL TOOL_CHOICE, which is required or none"""
import asyncio
import json
import sys

import agents
import openai
from langchain_openai import ChatOpenAI

base_url, model, choice = sys.argv[1:4]
question = "Name three colours."
sum_question = "What is 2 plus 3? Use the tool."
called = []


def add(a: int, b: int) -> int:
    """Adds two whole numbers."""
    called.append([a, b])
    return a + b


def langchain():
    chat = ChatOpenAI(
        model=model, base_url=base_url, api_key="not-needed", use_responses_api=True, temperature=0, max_tokens=16, max_retries=0
    )
    plain = chat.invoke(question)
    streamed = None
    for chunk in chat.stream(question):
        streamed = chunk if streamed is None else streamed + chunk
    tools = ChatOpenAI(
        model=model, base_url=base_url, api_key="not-needed", use_responses_api=True, temperature=0, max_tokens=100, max_retries=0
    ).bind_tools([add], tool_choice=choice)
    call = tools.invoke(sum_question)
    return {
        "text": plain.text,
        "streamed": streamed.text,
        "tokens": plain.usage_metadata["output_tokens"],
        "id": plain.response_metadata["id"],
        "tools": [each["name"] for each in call.tool_calls],
    }


async def agents_sdk():
    agents.set_tracing_disabled(True)
    agents.set_default_openai_client(openai.AsyncOpenAI(base_url=base_url, api_key="not-needed", max_retries=0, timeout=120))
    settings = agents.ModelSettings(temperature=0, max_tokens=16)
    asker = agents.Agent(name="asker", instructions="Be brief.", model=model, model_settings=settings)
    plain = await agents.Runner.run(asker, question)
    streamed = agents.Runner.run_streamed(asker, question)
    events = 0
    async for event in streamed.stream_events():
        events += 1
    adder = agents.Agent(
        name="adder",
        model=model,
        tools=[agents.function_tool(add)],
        model_settings=agents.ModelSettings(temperature=0, max_tokens=100, tool_choice=choice),
    )
    called.clear()
    try:
        answer = (await agents.Runner.run(adder, sum_question, max_turns=3)).final_output
    except (agents.MaxTurnsExceeded, openai.InternalServerError) as error:  # not each small model calls as it must
        answer = type(error).__name__
    session = agents.OpenAIConversationsSession(openai_client=openai.AsyncOpenAI(base_url=base_url, api_key="not-needed", max_retries=0))
    await agents.Runner.run(asker, question, session=session)
    await agents.Runner.run(asker, "And one more?", session=session)
    kept = [item.get("role") for item in await session.get_items()]
    await session.clear_session()
    return {
        "text": plain.final_output,
        "streamed": streamed.final_output,
        "events": events,
        "called": called,
        "answer": answer,
        "kept": kept,
    }


def agents_or_cut():
    try:
        return asyncio.run(agents_sdk())
    except agents.ModelBehaviorError as error:  # so the SDK takes an answer that is cut by its length
        return {"cut": str(error)}


print(json.dumps({"langchain": langchain(), "agents": agents_or_cut()}))
