#!/usr/bin/env python3
"""Sends many small files to a gateway, has them indexed, and says what they take on the disk.

small-files.py URL DIRECTORY [COUNT]   DIRECTORY is the gateway's gateway.retrieval.directory; COUNT is 11429 if left out
"""
import concurrent.futures
import json
import os
import sys
import time
import urllib.request

url, directory = sys.argv[1].rstrip("/"), sys.argv[2]
count = int(sys.argv[3]) if len(sys.argv) > 3 else 11_429
words = "tower harbour heron reeds ferry pier tide market bread winter stone path moor rain bridge lamp".split()


def call(path, body, kind="application/json"):
    request = urllib.request.Request(url + path, data=body, headers={"Content-Type": kind} if body else {})
    with urllib.request.urlopen(request, timeout=600) as reply:
        return json.load(reply)


def text(number):
    picked = [words[(number * 7 + i * (number % 11 + 1)) % len(words)] for i in range(42)]
    return f"Note {number}. " + " ".join(picked) + "."


def send(number):
    form = (
        f'--b\r\nContent-Disposition: form-data; name="purpose"\r\n\r\nassistants\r\n'
        f'--b\r\nContent-Disposition: form-data; name="file"; filename="note-{number}.txt"\r\n\r\n{text(number)}\r\n--b--\r\n'
    )
    return call("/v1/files", form.encode(), "multipart/form-data; boundary=b")["id"]


def disk(folder):
    return sum(
        os.lstat(os.path.join(at, name)).st_blocks * 512 for at, _, names in os.walk(folder) for name in names
    )


began = time.monotonic()
with concurrent.futures.ThreadPoolExecutor(8) as pool:
    ids = list(pool.map(send, range(count)))
sent = time.monotonic()
store = call("/v1/vector_stores", b'{"name":"small"}')["id"]
for at in range(0, count, 500):
    call(f"/v1/vector_stores/{store}/file_batches", json.dumps({"file_ids": ids[at : at + 500]}).encode())
while call(f"/v1/vector_stores/{store}", None)["file_counts"]["completed"] < count:
    time.sleep(1)
size = sum(len(text(number)) for number in range(count))
print(
    f"{count} files, {size / 1e6:.1f} MB of text: sent in {sent - began:.0f} s, indexed in {time.monotonic() - sent:.0f} s; "
    f"on the disk files {disk(directory + '/files') / 1e6:.1f} MB, stores {disk(directory + '/stores') / 1e6:.1f} MB"
)
