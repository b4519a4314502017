"""Makes src/test/webgpu/tiny: a language model of two kilobytes in ONNX form, which always answers the same. Needs onnx and numpy.

usage: tiny_model.py FOLDER
"""

import json
import sys
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

WORDS = ["<unk>", "<eos>", "tiny", "models", "also", "run", "in", "the", "page", "."]
SIZE = len(WORDS)
EOS = 1


def following():
    """Scores of the next word by this one: after a word of a question comes "tiny", then each word's successor, then the end."""
    scores = np.full((SIZE, SIZE), -10, np.float32)
    for word in range(SIZE):
        scores[word, 2 if word < 2 else (word + 1 if word + 1 < SIZE else EOS)] = 10
    return scores


def model():
    """A table look-up, with keys and values that say nothing, since the library expects some."""

    def cache(kind, when, length):
        return helper.make_tensor_value_info(f"{when}.0.{kind}", TensorProto.FLOAT, ["batch", 1, length, 4])

    def tokens(name, length):
        return helper.make_tensor_value_info(name, TensorProto.INT64, ["batch", length])

    graph = helper.make_graph(
        [
            helper.make_node("Gather", ["following", "input_ids"], ["rows"], axis=0),
            helper.make_node("MatMul", ["rows", "identity"], ["logits"]),
            helper.make_node("Unsqueeze", ["input_ids", "axes"], ["wide"]),
            helper.make_node("Cast", ["wide"], ["floats"], to=TensorProto.FLOAT),
            helper.make_node("Mul", ["floats", "zeros"], ["new"]),
            helper.make_node("Concat", ["past_key_values.0.key", "new"], ["present.0.key"], axis=2),
            helper.make_node("Concat", ["past_key_values.0.value", "new"], ["present.0.value"], axis=2),
        ],
        "tiny",
        [tokens("input_ids", "length"), tokens("attention_mask", "all"), tokens("position_ids", "length")]
        + [cache("key", "past_key_values", "past"), cache("value", "past_key_values", "past")],
        [helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["batch", "length", SIZE])]
        + [cache("key", "present", "all"), cache("value", "present", "all")],
        [
            numpy_helper.from_array(following(), "following"),
            numpy_helper.from_array(np.eye(SIZE, dtype=np.float32), "identity"),
            numpy_helper.from_array(np.array([1, 3], np.int64), "axes"),
            numpy_helper.from_array(np.zeros((1, 1, 1, 4), np.float32), "zeros"),
        ],
    )
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])
    made.ir_version = 9
    onnx.checker.check_model(made)
    return made


CONFIG = {
    "model_type": "llama",
    "architectures": ["LlamaForCausalLM"],
    "vocab_size": SIZE,
    "hidden_size": 4,
    "num_hidden_layers": 1,
    "num_attention_heads": 1,
    "num_key_value_heads": 1,
    "head_dim": 4,
    "eos_token_id": EOS,
    "bos_token_id": EOS,
}
TOKENIZER = {
    "version": "1.0",
    "truncation": None,
    "padding": None,
    "normalizer": None,
    "post_processor": None,
    "added_tokens": [{"id": EOS, "content": "<eos>", "single_word": False, "lstrip": False, "rstrip": False, "normalized": False, "special": True}],
    "pre_tokenizer": {"type": "WhitespaceSplit"},
    "decoder": {"type": "WordPiece", "prefix": "##", "cleanup": False},
    "model": {"type": "WordLevel", "vocab": {word: index for index, word in enumerate(WORDS)}, "unk_token": "<unk>"},
}
TOKENIZER_CONFIG = {
    "tokenizer_class": "PreTrainedTokenizerFast",
    "eos_token": "<eos>",
    "unk_token": "<unk>",
    "chat_template": "{% for message in messages %}{{ message['content'] }} {% endfor %}",
}

folder = Path(sys.argv[1])
(folder / "onnx").mkdir(parents=True, exist_ok=True)
onnx.save(model(), folder / "onnx" / "model_q4.onnx")
for name, value in [
    ("config.json", CONFIG),
    ("generation_config.json", {"eos_token_id": EOS, "bos_token_id": EOS}),
    ("tokenizer.json", TOKENIZER),
    ("tokenizer_config.json", TOKENIZER_CONFIG),
]:
    (folder / name).write_text(json.dumps(value, indent=1) + "\n")
