"""The official OpenAI Python client makes a store at BASE_URL, fills it, searches it and asks MODEL about it: prints what it saw as one line of JSON.
usage: stores_client.py BASE_URL MODEL"""
import json
import sys

import openai

base_url, model = sys.argv[1:3]
client = openai.OpenAI(base_url=base_url, api_key="not-needed", max_retries=0, timeout=120)

TOWER = b"# Towers\n\n## Kingsbridge\n\nThe tower of Kingsbridge is 91 metres high. Elena Marsh built it in 1907.\n"
FERRY = b"The ferry to Orland leaves at 8:15 every morning from pier 4.\n"
question = "How high is the tower of Kingsbridge?"

store = client.vector_stores.create(name="facts", metadata={"owner": "test"})
added = client.vector_stores.files.upload_and_poll(
    vector_store_id=store.id, file=("towers.md", TOWER), attributes={"year": 2024}
)
batch = client.vector_stores.file_batches.upload_and_poll(
    vector_store_id=store.id, files=[("ferry.txt", FERRY), ("broken.pdf", b"%PDF-1.7 no pdf at all")]
)
filled = client.vector_stores.retrieve(store.id)
statuses = {
    client.files.retrieve(file.id).filename: file.status
    for file in client.vector_stores.files.list(store.id, limit=1)  # page by page
}
found = client.vector_stores.search(store.id, query=question, max_num_results=3)
filtered = client.vector_stores.search(
    store.id, query=question, filters={"type": "eq", "key": "year", "value": 1999}
)
tools = [{"type": "file_search", "vector_store_ids": [store.id], "max_num_results": 2}]
asked = dict(
    model=model, messages=[{"role": "user", "content": question}], temperature=0, max_tokens=48, tools=tools
)
plain = client.chat.completions.create(**asked)

text, annotations, finish, sources = "", [], None, []
for chunk in client.chat.completions.create(stream=True, **asked):
    for choice in chunk.choices:
        text += choice.delta.content or ""
        annotations += getattr(choice.delta, "annotations", None) or []
        finish = choice.finish_reason or finish
    sources += (getattr(chunk, "gateway", None) or {}).get("sources", [])
raw = client.chat.completions.with_raw_response.create(**asked)

content = client.files.content(added.id).read()
updated = client.vector_stores.update(store.id, name="more facts")
try:
    client.vector_stores.search(store.id, query=question, rewrite_query=True)
    rewriting = 200
except openai.APIStatusError as error:
    rewriting = error.status_code
taken_out = client.vector_stores.files.delete(added.id, vector_store_id=store.id)
after = client.vector_stores.search(store.id, query=question)
deleted_file = client.files.delete(added.id)
deleted_store = client.vector_stores.delete(store.id)
try:
    client.vector_stores.retrieve(store.id)
    gone = ""
except openai.NotFoundError as error:
    gone = error.code

print(
    json.dumps(
        {
            "added": added.status,
            "batch": batch.status,
            "counts": {"completed": filled.file_counts.completed, "failed": filled.file_counts.failed},
            "statuses": statuses,
            "found": [result.filename for result in found.data],
            "score": found.data[0].score,
            "chunk": found.data[0].content[0].text,
            "filtered": len(filtered.data),
            "plain": {
                "text": plain.choices[0].message.content,
                "annotations": len(plain.choices[0].message.annotations or []),
                "title": plain.choices[0].message.annotations[0].url_citation.title,
            },
            "place": annotations[0]["url_citation"]["end_index"],
            "stream": {"text": text, "finish": finish, "annotations": len(annotations), "sources": sources},
            "header": raw.headers.get("x-gateway-sources"),
            "added_id": added.id,
            "content": content.decode(),
            "name": updated.name,
            "rewriting": rewriting,
            "taken_out": taken_out.deleted,
            "after": [result.filename for result in after.data],
            "deleted": [deleted_file.deleted, deleted_store.deleted],
            "gone": gone,
        }
    )
)
