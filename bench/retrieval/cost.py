#!/usr/bin/env python3
"""Prints what retrieval costs, as a table: starts a gateway of its own, several times, on a folder of its own.

cost.py JAR [PASSAGES] [FILES]   JAR is target/quarkus-app/quarkus-run.jar; 10,000 passages and 11,429 small files if left out
"""
import concurrent.futures
import json
import os
import pathlib
import random
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request

jar = sys.argv[1]
passages = int(sys.argv[2]) if len(sys.argv) > 2 else 10_000
files = int(sys.argv[3]) if len(sys.argv) > 3 else 11_429
here = pathlib.Path(__file__).resolve().parent
words = re.findall("[a-z]{2,}", " ".join(page.read_text() for page in sorted((here.parents[1] / "docs").glob("*.md"))))
signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # ends the gateway, too
chance = random.Random(42)
folder = tempfile.mkdtemp(prefix="retrieval-cost")
TICKS = os.sysconf("SC_CLK_TCK")
PATIENCE = 600 + passages  # more seconds than anything here takes


def wait(ready, pause, what):
    end = time.monotonic() + PATIENCE
    while not ready():
        if time.monotonic() > end:
            sys.exit(f"{what}: not within {PATIENCE} s")
        time.sleep(pause)


class Gateway:
    def __init__(self, model):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.began = time.monotonic()
        settings = {
            "quarkus.http.port": self.port,
            "gateway.retrieval.directory": folder,
            "gateway.retrieval.embedding-model": model,
        }
        with open(os.path.join(folder, "log"), "ab") as log:
            self.process = subprocess.Popen(
                ["java", "-Xmx512m", *(f"-D{name}={value}" for name, value in settings.items()), "-jar", jar],
                stdout=log,
                stderr=log,
            )
        try:
            wait(self.answers, 0.05, "the start")
        except BaseException:
            self.process.kill()
            raise
        self.start = time.monotonic() - self.began

    def answers(self):
        try:
            self.call("/v1/files?limit=20")
            return True
        except OSError:
            if self.process.poll() is not None:
                log = pathlib.Path(folder, "log").read_text(errors="replace")
                sys.exit("the gateway ended:\n" + "\n".join(log.splitlines()[-30:]))
            return False

    def call(self, path, body=None, kind="application/json"):
        request = urllib.request.Request(self.url + path, data=body, headers={"Content-Type": kind} if body else {})
        with urllib.request.urlopen(request, timeout=600) as reply:
            return json.load(reply)

    def cpu(self):
        fields = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def memory(self):
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+)", status)[1]) / 1024

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait()

    def fill(self, count):
        def send(number):
            text = " ".join(chance.choice(words) for _ in range(150))
            form = (
                f'--b\r\nContent-Disposition: form-data; name="purpose"\r\n\r\nassistants\r\n'
                f'--b\r\nContent-Disposition: form-data; name="file"; filename="{number}.txt"\r\n\r\n{text}.\r\n--b--\r\n'
            )
            return self.call("/v1/files", form.encode(), "multipart/form-data; boundary=b")["id"]

        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            ids = list(pool.map(send, range(count)))
        began, spent = time.monotonic(), self.cpu()
        store = self.call("/v1/vector_stores", b'{"name":"cost"}')["id"]
        for at in range(0, count, 500):
            self.call(f"/v1/vector_stores/{store}/file_batches", json.dumps({"file_ids": ids[at : at + 500]}).encode())

        def ingested():
            counts = self.call(f"/v1/vector_stores/{store}")["file_counts"]
            if counts["failed"]:
                sys.exit(f"{counts['failed']} files failed")
            return counts["completed"] >= count

        wait(ingested, 0.2, "the ingest")
        return store, time.monotonic() - began, self.cpu() - spent

    def search(self, store):
        question = " ".join(chance.choice(words) for _ in range(chance.randint(3, 8)))
        return self.call(f"/v1/vector_stores/{store}/search", json.dumps({"query": question}).encode())

    def searches(self, store):
        for _ in range(300):
            self.search(store)
        spent, took = self.cpu(), []
        for _ in range(1000):
            began = time.monotonic()
            self.search(store)
            took.append((time.monotonic() - began) * 1000)
        took.sort()
        spent = (self.cpu() - spent) * 1000 / len(took)
        return f"{took[500]:.1f} ms at p50, {took[990]:.1f} ms at p99, {spent:.1f} ms CPU on average"


def disk(below):
    return sum(os.lstat(os.path.join(at, name)).st_blocks * 512 for at, _, names in os.walk(below) for name in names)


def row(what, measured):
    print(f"| {what} | {measured} |", flush=True)


try:
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores\n| what | measured |\n|---|---|", flush=True)
    gateway = Gateway("none")
    small = [sys.executable, str(here / "small-files.py"), gateway.url, folder, str(files)]
    row("many small files", subprocess.run(small, check=True, capture_output=True, text=True).stdout.strip())
    memory = gateway.memory()
    gateway.stop()
    gateway = Gateway("none")
    row("memory after them; start anew", f"{memory:.0f} MB; {gateway.start:.1f} s until the files are listed")
    store, seconds, spent = gateway.fill(passages)
    row(f"{passages:,} passages of 150 words, words only", f"{passages / seconds:.0f} a second, {spent * 1000 / passages:.1f} ms CPU each")
    row("a search by words, by HTTP", gateway.searches(store))
    gateway.stop()
    gateway = Gateway("auto")
    # It says that vectors are missing, or that the model is not loaded yet.
    wait(lambda: not gateway.search(store).get("gateway"), 0.5, "the vectors")
    seconds, spent = time.monotonic() - gateway.began, gateway.cpu()
    row(
        "their vectors made afterwards, built-in model, with the start",
        f"{passages / seconds:.0f} passages a second, {spent * 1000 / passages:.0f} ms CPU each",
    )
    row("a search with vectors, by HTTP", gateway.searches(store))
    fewer = passages // 5
    _, seconds, spent = gateway.fill(fewer)
    row(f"{fewer:,} more passages, with vectors at once", f"{fewer / seconds:.0f} a second, {spent * 1000 / fewer:.0f} ms CPU each")
    row("memory; disk", f"{gateway.memory():.0f} MB; {disk(folder) / 1e6:.0f} MB")
    gateway.stop()
finally:
    if "gateway" in globals() and gateway.process.poll() is None:
        gateway.process.kill()
    shutil.rmtree(folder, ignore_errors=True)
