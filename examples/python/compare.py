"""Asks the small and the large model the same and prints how each did, as JSON.

SLM_ALIAS, LLM_ALIAS: the models; COMPARE_PROMPT: the question; GATEWAY_URL: the gateway, by default http://127.0.0.1:5274/v1
"""

import json
import os
import time

from openai import OpenAI, OpenAIError

client = OpenAI(base_url=os.environ.get("GATEWAY_URL", "http://127.0.0.1:5274/v1"), api_key=os.environ.get("GATEWAY_API_KEY", "none"))
prompt = os.environ.get("COMPARE_PROMPT", "Name five reasons to run a language model on one's own machine.")


def compare(alias):
    """One model's latency, first token, tokens and the beginning of its answer; or the error."""
    started = time.perf_counter()
    first, text, usage = None, "", None
    try:
        stream = client.chat.completions.create(
            model=alias,
            messages=[{"role": "user", "content": prompt}],
            max_tokens=160,
            temperature=0.5,
            stream=True,
            stream_options={"include_usage": True},
        )
        for chunk in stream:
            usage = chunk.usage or usage
            if chunk.choices and chunk.choices[0].delta.content:
                first = first or time.perf_counter() - started
                text += chunk.choices[0].delta.content
    except OpenAIError as error:
        return {"alias": alias, "error": str(error)}
    return {
        "alias": alias,
        "latency_sec": round(time.perf_counter() - started, 3),
        "first_token_sec": round(first or 0, 3),
        "tokens": usage.total_tokens if usage else None,
        "sample": text[:160],
    }


models = [os.environ.get("SLM_ALIAS", "phi-4-mini"), os.environ.get("LLM_ALIAS", "gpt-oss-20b")]
print(json.dumps([compare(alias) for alias in models], indent=2))
