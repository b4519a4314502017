"""The workshop's way in: foundry-local-sdk 0.5.1 starts against the gateway, then the OpenAI client asks, plain and streamed.

foundry_sdk.py GATEWAY_PORT FOLDER_OF_THE_FOUNDRY_COMMAND ALIAS
Prints what it saw as one line of JSON.
"""

import json
import os
import sys

port, folder, alias = sys.argv[1:4]
os.environ["GATEWAY_PORT"] = port
os.environ["PATH"] = folder + os.pathsep + os.environ["PATH"]

from foundry_local import FoundryLocalManager  # noqa: E402 - it looks for the command on the path
from openai import OpenAI  # noqa: E402

manager = FoundryLocalManager(alias)
model = manager.get_model_info(alias)
client = OpenAI(base_url=manager.endpoint, api_key=manager.api_key, max_retries=0)
question = {
    "model": model.id,
    "messages": [{"role": "user", "content": "Tell me about the sea."}],
    "max_tokens": 8,
    "temperature": 0,
}
plain = client.chat.completions.create(**question)
# As the workshop's scripts read a stream: no look at whether there are choices.
text = "".join(chunk.choices[0].delta.content or "" for chunk in client.chat.completions.create(stream=True, **question))
print(
    json.dumps(
        {
            "endpoint": manager.endpoint,
            "id": model.id,
            "alias": model.alias,
            "cached": [cached.id for cached in manager.list_cached_models()],
            "loaded": [loaded.id for loaded in manager.list_loaded_models()],
            "location": manager.get_cache_location(),
            "plain": plain.choices[0].message.content,
            "tokens": plain.usage.total_tokens,
            "stream": text,
        }
    )
)
