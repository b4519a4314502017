#!/usr/bin/env bash
# Lays out a folder from which the page /playground/webgpu.html runs a model by WebGPU: the library by npm, and a model that you have.
# usage: bring.sh FOLDER [MODEL-FOLDER]     then: java -Dgateway.playground.webgpu-folder=FOLDER -jar quarkus-run.jar
#   MODEL-FOLDER  a text-generation model in ONNX form for Transformers.js: config.json, tokenizer.json, tokenizer_config.json,
#                 onnx/model_q4.onnx (and onnx/model_q4f16.onnx for adapters with 16-bit floats)
set -euo pipefail
[ $# -ge 1 ] || { sed -n '2,5p' "$0" | cut -c3-; exit 2; }
mkdir -p "$1/models"
folder=$(cd "$1" && pwd)
fetched=$(mktemp -d)
trap 'rm -rf "$fetched"' EXIT

echo '{"private":true}' > "$fetched/package.json"
(cd "$fetched" && npm install --silent --no-audit --no-fund --no-package-lock --ignore-scripts --omit=optional @huggingface/transformers@4.3.1)
cp "$fetched/node_modules/@huggingface/transformers/dist/transformers.min.js" "$folder/"
cp "$fetched"/node_modules/onnxruntime-web/dist/ort-wasm-simd-threaded.{asyncify,jsep}.{mjs,wasm} "$folder/"

if [ $# -ge 2 ]; then
  [ -f "$2/config.json" ] || { echo "bring.sh: $2 holds no config.json" >&2; exit 1; }
  cp -r "$2" "$folder/models/"
fi
echo "$folder: the library, and $(find "$folder/models" -mindepth 1 -maxdepth 1 -type d | wc -l) models"
