#!/usr/bin/env bash
# The gateway by curl. GATEWAY_URL: the gateway, by default http://127.0.0.1:5274/v1. GATEWAY_API_KEY: its key, if it asks for one.
set -euo pipefail
url=${GATEWAY_URL:-http://127.0.0.1:5274/v1}
json='Content-Type: application/json'
call() { curl -sf ${GATEWAY_API_KEY:+-H "Authorization: Bearer $GATEWAY_API_KEY"} "$@"; }

echo "# The models"
call "$url/models"

echo && echo "# A whole answer, of the small model"
call "$url/chat/completions" -H "$json" -d '{"model":"phi-4-mini","max_tokens":60,"messages":[{"role":"user","content":"Why is the sky blue?"}]}'

echo && echo "# The same of hybrid, as it comes; the head says who answered and why"
call -Ni "$url/chat/completions" -H "$json" \
  -d '{"model":"hybrid","stream":true,"max_tokens":60,"messages":[{"role":"user","content":"Why is the sky blue?"}]}'

echo && echo "# An answer that rests on a document"
call "$url/chat/completions" -H "$json" -d '{"model":"phi-4-mini","max_tokens":60,
  "messages":[{"role":"user","content":"How high is the tower?"}],
  "gateway":{"documents":[{"title":"tower","text":"The tower at Aldermoor is 61 metres high."}]}}'

echo && echo "# Two models side by side"
call "$url/gateway/compare" -H "$json" -d '{"models":["phi-4-mini","gpt-oss-20b"],"prompt":"Why is the sky blue?","max_tokens":60}'
