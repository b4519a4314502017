"""What the dashboard shows: its variables and, row by row, its panels. `generate` beside it makes Grafana's JSON of it."""

JOB = 'job=~"$job", instance=~"$instance"'
WHO = JOB + ', gen_ai_response_model=~"$model", tier=~"$tier"'
MODEL = JOB + ', gen_ai_response_model=~"$model"'
FIRST = "gen_ai_server_time_to_first_token_seconds"
TOTAL = "gen_ai_server_request_duration_seconds"
PER_TOKEN = "gen_ai_server_time_per_output_token_seconds"
FAILED = 'outcome=~"upstream_error|timeout|overloaded"'
HYBRID = JOB + ', outcome="ok", tier=~"draft|escalation"'
LARGE = JOB + ', outcome="ok", tier="escalation"'
GREEN, YELLOW, RED = "green", "yellow", "red"

VARIABLES = [
    ("job", "Job", "label_values(gateway_in_flight_requests, job)", ".+"),
    ("instance", "Instance", 'label_values(gateway_in_flight_requests{job=~"$job"}, instance)', ".+"),
    ("model", "Model", f'label_values({TOTAL}_count{{job=~"$job"}}, gen_ai_response_model)', ".*"),
    ("tier", "Tier", f'label_values({TOTAL}_count{{job=~"$job"}}, tier)', ".*"),
]


# What the time axes are marked with: the name, the expression, the text, and whether the value is the moment (in milliseconds).
ANNOTATIONS = [
    ("Restarts", f"process_start_time_seconds{{{JOB}}} * 1000", "{{instance}} started", True),
    ("Reloads", f"sum by (instance, kind, outcome) (increase(gateway_reloads_total{{{JOB}}}[1m])) > 0", "{{instance}}: {{kind}} {{outcome}}", False),
]


def panel(kind, title, description, unit, targets, width=8, height=8, stack=False, steps=(), names=(), repeat="", units=()):
    return dict(type=kind, title=title, description=description, unit=unit, targets=targets, width=width, height=height,
                stack=stack, steps=steps, names=names, repeat=repeat, units=units)


def number(title, description, unit, targets, width=4, height=4, steps=()):
    return panel("stat", title, description, unit, targets, width=width, height=height, steps=steps)


def lines(title, description, unit, targets, **more):
    return panel("timeseries", title, description, unit, targets, **more)


def heatmap(title, description, metric, labels, unit, width=12):
    return panel("heatmap", title, description, unit, [("{{le}}", f"sum by (le) (increase({metric}_bucket{{{labels}}}[$__rate_interval]))")], width=width)


def rate(metric, labels=JOB, by=""):
    return f"sum{f' by ({by})' if by else ''} (rate({metric}{{{labels}}}[$__rate_interval]))"


def quantile(q, metric, labels, by=""):
    return f"histogram_quantile({q}, sum by (le{', ' + by if by else ''}) (rate({metric}_bucket{{{labels}}}[$__rate_interval])))"


def quantiles(metric, labels=JOB, qs=(0.5, 0.95, 0.99)):
    return [(f"p{q * 100:g}", quantile(q, metric, labels)) for q in qs]


def mean(metric, labels, by):
    return f"{rate(metric + '_sum', labels, by)} / {rate(metric + '_count', labels, by)}"


def part(metric, labels, of, by=""):
    """The share of some events among all: 0 where there are events but none of those, nothing where there are none at all."""
    all_of = rate(metric, of, by)
    return f"({rate(metric, labels, by)} or 0 * {all_of}) / ({all_of} > 0)"


def alone(metric):
    """What the large model alone takes, on the mean: answers that it wrote for a hybrid model, without the time that the draft was waited for."""
    held = rate("gateway_stage_seconds_sum", JOB + ', stage="hold", tier="escalation"')
    return f"({rate(metric + '_sum', LARGE)} - {held}) / ({rate(metric + '_count', LARGE)} > 0)"


def together(metric):
    return f"{rate(metric + '_sum', HYBRID)} / ({rate(metric + '_count', HYBRID)} > 0)"


BY_LARGE = JOB + ', outcome=~"escalated|refined|hedged"'
ALL_LARGE = rate("gateway_cost_all_large_total")
SPENT = f"({rate('gateway_cost_total')} or 0 * {ALL_LARGE})"
BY_MODEL = "gen_ai_response_model"

now = [
    number("Model servers up", "Model servers that answered when they were last asked, and how many are configured.", "none",
           [("up", f"sum(min by (upstream) (gateway_upstream_up{{{JOB}}}))"), ("of", f"count(min by (upstream) (gateway_upstream_up{{{JOB}}}))")]),
    number("Requests", "Requests that end, each second.", "reqps", [("", rate(TOTAL + "_count", WHO))], width=3),
    number("Failed", "Share of requests that fail at the gateway or a model server. Wrong requests and clients that leave are not among them.", "percentunit",
           [("", part(TOTAL + "_count", WHO + ", " + FAILED, WHO))], width=3, steps=[(None, GREEN), (0.01, YELLOW), (0.05, RED)]),
    number("First token, 95th percentile", "One in twenty users waits longer than this for the first token.", "s", [("", quantile(0.95, FIRST, WHO))],
           steps=[(None, GREEN), (2.5, RED)]),
    number("Under way", "Requests under way now.", "none", [("", f"sum(gateway_in_flight_requests{{{JOB}}})")], width=3),
    number("Waiting", "Calls that wait for a slot at a model server now.", "none", [("", f"sum(gateway_queue_length{{{JOB}}})")], width=3, steps=[(None, GREEN), (1, YELLOW)]),
    number("Written by the large model", "Share of hybrid answers that the large model writes.", "percentunit", [("", part("gateway_escalations_total", BY_LARGE, JOB))]),
    panel("table", "Models", "Each model that answers: requests a second, half and 95 of 100 answers are there within, writing speed of one stream, failed share, cost an hour in the currency of the prices.",
          "short",
          [("requests/s", rate(TOTAL + "_count", WHO, BY_MODEL)), ("p50", quantile(0.5, TOTAL, WHO, BY_MODEL)), ("p95", quantile(0.95, TOTAL, WHO, BY_MODEL)),
           ("tokens/s", f"1 / ({mean(PER_TOKEN, WHO, BY_MODEL)})"), ("failed", part(TOTAL + "_count", WHO + ", " + FAILED, WHO, BY_MODEL)),
           ("cost/h", f"3600 * {rate('gateway_model_cost_total', JOB + ', gen_ai_response_model=~' + chr(34) + '$model' + chr(34) + ', tier=~' + chr(34) + '$tier' + chr(34), BY_MODEL)}")],
          width=24, units=["reqps", "s", "s", "short", "percentunit", "short"]),
]

worth = [
    number("Saved an hour, net", "What hybrid answers cost less than if the large model alone had been asked, drafts that were thrown away and second opinions included; an hour at the present pace, in the currency of the prices. Below zero the hybrid costs more.",
           "short", [("", f"3600 * ({ALL_LARGE} - {SPENT})")], width=8, steps=[(None, RED), (0, GREEN)]),
    number("Time saved on an answer, net", "How much sooner a hybrid answer has ended, on the mean, than the large model alone would have: measured by the answers that it writes here, without the wait for the draft. Below zero the hybrid is slower.",
           "s", [("", f"{alone(TOTAL)} - {together(TOTAL)}")], width=8, steps=[(None, RED), (0, GREEN)]),
    number("Kept drafts that were right", "By the labels that learning from one's own traffic has; nothing where that is off.", "percentunit",
           [("{{model}}", part("gateway_learning_labels_total", JOB + ', label="right"', JOB, "model"))], width=8, steps=[(None, RED), (0.8, GREEN)]),
    lines("Time of an answer beside all-large, mean", "How long hybrid answers take to their end, and how long the large model alone would.", "s",
          [("hybrid", together(TOTAL)), ("large alone", alone(TOTAL))]),
    lines("First token beside all-large, mean", "When the first token of hybrid answers leaves, and when it would if the large model alone were asked.", "s",
          [("hybrid", together(FIRST)), ("large alone", alone(FIRST))]),
    lines("Cost an hour beside all-large", "What hybrid answers cost, and what the large model alone would.", "short", [("hybrid", f"3600 * {SPENT}"), ("large alone", f"3600 * {ALL_LARGE}")]),
]


def kept(slo):
    """The share of good events in 30 days, weighted by requests; of rates that Prometheus recorded, so that 30 days are cheap to read."""
    bad, valid = (f'sum(avg_over_time(instance:gateway_{what}:rate5m{{{JOB}, slo="{slo}"}}[30d]))' for what in ("bad", "valid"))
    return f"1 - {bad} / {valid}"


def burn(slo, window):
    bad, valid = (f'sum(instance:gateway_{what}:rate{window}{{{JOB}, slo="{slo}"}})' for what in ("bad", "valid"))
    return f'{bad} / ({valid} > 0) / (1 - max(instance:gateway_objective:ratio{{{JOB}, slo="{slo}"}}))'


OBJECTIVES = {"availability": ("Availability", 0.99), "first_token": ("First token", 0.95), "total": ("Total time", 0.95)}

objectives = [
    panel("stat", f"{name} kept, 30 days", description, "percentunit", [(name, kept(slo))], height=5,
          steps=[(None, RED), (OBJECTIVES[slo][1], GREEN)])
    for slo, name, description in [
        ("availability", "Availability", "Share of requests answered without a failure of the gateway's or a model server's (errors, time-outs, overload). What clients did wrong, and clients that left, do not count. The objective is 99 %."),
        ("first_token", "First token", "Share of answers whose first token left the gateway within 2.5 s of the request. The objective is 95 %."),
        ("total", "Total time", "Share of good answers that had ended within 41 s of the request. The objective is 95 %."),
    ]
] + [
    lines("Burn of the error budget, last hour", "How many times faster than allowed the 30 days' error budget was spent in the last hour. Above 1 it will not last; above 14.4 someone is called.",
          "short", [(name, burn(slo, "1h")) for slo, (name, _) in OBJECTIVES.items()], width=12, steps=[(None, GREEN), (1, YELLOW), (14.4, RED)]),
    lines("Burn of the error budget, last 6 hours", "The same over six hours: slower fires. Above 6 someone is called.",
          "short", [(name, burn(slo, "6h")) for slo, (name, _) in OBJECTIVES.items()], width=12, steps=[(None, GREEN), (1, YELLOW), (6, RED)]),
]

traffic = [
    lines("Requests by outcome", "Requests that ended, each second, by how they ended.", "reqps", [("{{outcome}}", rate(TOTAL + "_count", WHO, "outcome"))], stack=True),
    lines("Requests by model", "Requests that ended, each second, by the model that answered.", "reqps", [("{{gen_ai_response_model}}", rate(TOTAL + "_count", WHO, "gen_ai_response_model"))], stack=True),
    lines("Requests by operation", "Requests that ended, each second, by what was asked for and whether as a stream.", "reqps",
          [("{{gen_ai_operation_name}}, stream {{stream}}", rate(TOTAL + "_count", WHO, "gen_ai_operation_name, stream"))], stack=True),
    lines("Failed share", "Share of requests that failed at the gateway or a model server, by model. Wrong requests and clients that left are not among them.", "percentunit",
          [("{{gen_ai_response_model}}", f"({rate(TOTAL + '_count', WHO + ', ' + FAILED, 'gen_ai_response_model')} or 0 * {rate(TOTAL + '_count', WHO, 'gen_ai_response_model')}) / {rate(TOTAL + '_count', WHO, 'gen_ai_response_model')}")]),
    lines("Errors by code", "Errors answered each second, by the error's code or the model server's status.", "reqps", [("{{code}}", rate("gateway_errors_total", by="code"))], stack=True),
    lines("Under way, and left", "Requests under way, to the end of their answers; and clients that left before that end, each second.", "short",
          [("under way", f"sum(gateway_in_flight_requests{{{JOB}}})"), ("left, each second", rate("gateway_client_cancellations_total"))]),
]

first_token = [
    lines("First token, percentiles", "From a request's arrival to its first token (text, reasoning or tool call) leaving the gateway. The 95th percentile is what one in twenty users waits longer than.",
          "s", quantiles(FIRST, WHO), steps=[(None, "transparent"), (2.5, RED)]),
    lines("First token by model, 95th percentile", "The same by the model that answered.", "s", [("{{gen_ai_response_model}}", quantile(0.95, FIRST, WHO, "gen_ai_response_model"))]),
    lines("Upstream's first token against the released one, 95th percentile",
          "When the model server's first token reached the gateway, and when the first one left it. What lies between is hold-back, by intent, and overhead; hybrid answers alone are drawn apart.",
          "s", [("upstream's", quantile(0.95, "gateway_upstream_first_token_seconds", WHO)), ("released", quantile(0.95, FIRST, WHO)),
                ("released, hybrid", quantile(0.95, "gateway_first_released_token_seconds", JOB))]),
    heatmap("First tokens, spread", "How many answers had their first token after how long: two bands are two kinds of prompts or models.", FIRST, WHO, "s", width=24),
    lines("First token of $model", "One panel for each chosen model, side by side: from a request's arrival to its first token leaving the gateway.", "s", quantiles(FIRST, WHO), width=12, repeat="model"),
]

total = [
    lines("Total time", "From a request's arrival to the end of its answer.", "s", quantiles(TOTAL, WHO), steps=[(None, "transparent"), (40.96, RED)]),
    lines("Total time by model, 95th percentile", "The same by the model that answered.", "s", [("{{gen_ai_response_model}}", quantile(0.95, TOTAL, WHO, "gen_ai_response_model"))]),
    lines("Its parts, mean", "Where the time goes before the model server's head: waiting for a slot (queue), the gateway's own work (prep), searching sources (retrieval), a draft held back (hold), and from the call to the head (send; of a plain reply that is the whole of the model's work).",
          "s", [("{{stage}}", mean("gateway_stage_seconds", WHO, "stage"))], stack=True),
    heatmap("Total times, spread", "How many answers took how long.", TOTAL, WHO, "s"),
    lines("What the gateway added", "The gateway's own time: until the model server's call, and from its first token to the client. A draft held back by intent is not in it.",
          "s", quantiles("gateway_overhead_seconds", qs=(0.5, 0.99)), width=12),
]

tokens = [
    lines("Tokens each second", "Tokens read (input) and written (output) each second, as the model servers counted them.", "short",
          [("{{gen_ai_token_type}} {{gen_ai_response_model}}", rate("gen_ai_client_token_usage_sum", MODEL, "gen_ai_token_type, gen_ai_response_model"))], stack=True),
    lines("Tokens of a request, mean", "How long prompts and answers are.", "short",
          [("{{gen_ai_token_type}} {{gen_ai_response_model}}", mean("gen_ai_client_token_usage", MODEL, "gen_ai_token_type, gen_ai_response_model"))]),
    lines("Time for one token", "Between one output token and the next, of streams: what reading along feels like.", "s", quantiles(PER_TOKEN, WHO, (0.5, 0.95))),
    lines("Tokens each second in one stream, by model", "The writing speed of one answer, on the mean.", "short",
          [("{{gen_ai_response_model}}", f"1 / ({mean(PER_TOKEN, WHO, 'gen_ai_response_model')})")], width=12),
    lines("Known before, and thought", "Share of the tokens read that the model server still knew from an earlier prompt, and share of those written that were reasoning; of servers that tell.", "percentunit",
          [(f"{name} {{{{gen_ai_response_model}}}}", f"{rate('gateway_model_tokens_total', MODEL + ', gen_ai_token_type=' + chr(34) + some + chr(34), BY_MODEL)} / ({rate('gateway_model_tokens_total', MODEL + ', gen_ai_token_type=' + chr(34) + every + chr(34), BY_MODEL)} > 0)")
           for name, some, every in [("known", "cached", "input"), ("reasoning", "reasoning", "output")]], width=24),
    heatmap("Prompt and answer lengths, spread", "How many requests had how many tokens, prompts and answers together.", "gen_ai_client_token_usage", MODEL, "short"),
]

hybrid = [
    lines("Share written by the large model", "Of each hybrid model's answers: the share that the large model wrote lately, whether the draft was weak or its server down, and the share since its start that a configured target is kept by.", "percentunit",
          [("{{model}}, lately", part("gateway_escalations_total", BY_LARGE, JOB, "model")),
           ("{{model}}, target", f"max by (model) (gateway_escalation_target{{{JOB}}})"),
           ("{{model}}, since its start", f"max by (model) (gateway_escalated_share{{{JOB}}})")]),
    lines("Reasons", "Hybrid answers each second, by why they came from where they came.", "reqps", [("{{reason}}", rate("gateway_escalations_total", by="reason"))], stack=True),
    lines("Hybrid answers by outcome", "Hybrid answers each second: drafts kept, escalated to the large model (for a draft that failed, too), refined by it, hedged, or a draft as a fallback since the large model failed or was too dear.", "reqps",
          [("{{outcome}}", rate("gateway_escalations_total", by="outcome"))], stack=True),
    heatmap("Scores", "The probability that a draft is wrong, as it was judged: many in the middle mean that the judge cannot tell.", "gateway_escalation_score", JOB, "percentunit"),
    lines("Held back", "How long answers were held back until the verdict.", "s", quantiles("gateway_hold_seconds", qs=(0.5, 0.95)), width=12),
    lines("Wasted tokens each second", "Tokens that were written and that nobody got to read, by the model's part.", "short", [("{{tier}}", rate("gateway_wasted_tokens_total", by="tier"))], stack=True),
    lines("Cost and saving an hour", "What hybrid answers cost, and what drafts that were kept saved against the large model, an hour at the present pace, in the currency of the configured prices.", "short",
          [("cost, {{tier}}", f"3600 * {rate('gateway_cost_total', by='tier')}"), ("saved", f"3600 * {rate('gateway_cost_saved_total')}")], width=16),
    lines("Learning", "Where the score learns from its own traffic: calls of the large model about kept drafts an hour, by what came of them, and scores fitted anew, taken or not.", "short",
          [("{{outcome}}", f"3600 * {rate('gateway_learning_calls_total', by='outcome')}"), ("fit {{outcome}}", f"3600 * {rate('gateway_learning_refits_total', by='outcome')}")], width=12),
    lines("Learning's tokens an hour, and drift", "What these calls read and wrote; and how far late scores lie from those that a learnt score was fitted to: above 0.25 the questions are others than before.", "short",
          [("tokens, {{model}}", f"3600 * {rate('gateway_learning_tokens_total', by='model')}"), ("drift, {{model}}", f"max by (model) (gateway_score_drift{{{JOB}}})")], width=12),
]

retrieval = [
    lines("Retrieval by stage, 95th percentile", "How long finding sources took: embed (the question's vector), search, prompt (fitting the passages), total.", "s",
          [("{{stage}}", quantile(0.95, "gateway_retrieval_seconds", JOB, "stage"))]),
    lines("Support", "How well the sources found answer the question, from 0 to 1.", "percentunit", quantiles("gateway_retrieval_support", qs=(0.1, 0.5, 0.9))),
    lines("Retrievals by outcome", "Retrievals each second: the model got sources (context), was asked without (plain), the gateway said that sources do not suffice (insufficient), nothing was found (nothing).", "reqps",
          [("{{decision}}", rate("gateway_retrieval_decisions_total", by="decision"))], stack=True),
]

upstreams = [
    panel("state-timeline", "Model servers", "Whether each model server answered when it was last asked.", "none", [("{{upstream}}", f"min by (upstream) (gateway_upstream_up{{{JOB}}})")],
          names=[(0, "down", RED), (1, "up", GREEN)]),
    panel("state-timeline", "Circuit breakers", "Open: calls are refused at once, since the last ones failed; half open: the next one decides.", "none", [("{{upstream}}", f"max by (upstream) (gateway_circuit_state{{{JOB}}})")],
          names=[(0, "closed", GREEN), (1, "half open", YELLOW), (2, "open", RED)]),
    lines("Answers that keep a schema, by step", "Answers to requests with a schema or tools each second, by the step that made them: again and fallback cost another answer, violated got an error.", "reqps",
          [("{{step}}", rate("gateway_schema_answers_total", by="step"))], stack=True),
    lines("Failures by model server", "Failed requests each second, by model server and kind of error.", "reqps",
          [("{{gen_ai_provider_name}} {{error_type}}", f"{rate(TOTAL + '_count', JOB + ', ' + FAILED, 'gen_ai_provider_name, error_type')} or 0 * {rate(TOTAL + '_count', JOB, 'gen_ai_provider_name')}")], stack=True),
    lines("Queue length", "Calls that wait for a slot at each model server, and how many calls of its models may run at a time.", "short",
          [("{{upstream}} waiting", f"sum by (upstream) (gateway_queue_length{{{JOB}}})"),
           ("{{upstream}} may run", f"sum by (upstream) (gateway_concurrency_limit{{{JOB}}})")]),
    lines("Wait in the queue, 95th percentile", "How long calls waited, of those that had to.", "s", [("{{upstream}}", quantile(0.95, "gateway_queue_seconds", JOB, "upstream"))]),
    lines("Model loads", "Models that a model server was asked to load, an hour at the present pace, by model and outcome: many mean that models push each other out.", "short",
          [("{{model}} {{outcome}}", f"3600 * {rate('gateway_model_loads_total', by='model, outcome')}")]),
]

keys = [
    lines("Requests by key", "Requests that asked a model, each second, by API key.", "reqps", [("{{key}}", rate("gateway_key_requests_total", by="key"))], stack=True),
    lines("Tokens by key", "Tokens read and written each second, by API key.", "short", [("{{key}} {{gen_ai_token_type}}", rate("gateway_key_tokens_total", by="key, gen_ai_token_type"))], stack=True),
    lines("Cost by key, an hour", "What each key's requests cost, an hour at the present pace, in the currency of the configured prices.", "short", [("{{key}}", f"3600 * {rate('gateway_key_cost_total', by='key')}")], stack=True),
    lines("Requests by tier", "Requests that ended, each second, by the model's part: none of a hybrid, its draft kept, or its large model.", "reqps", [("{{tier}}", rate(TOTAL + "_count", WHO, "tier"))], stack=True),
    lines("Tokens by tier", "Tokens read and written each second, by the model's part; what was thrown away included.", "short",
          [("{{tier}} {{gen_ai_token_type}}", rate("gateway_model_tokens_total", JOB + ', gen_ai_token_type=~"input|output"', "tier, gen_ai_token_type"))], stack=True),
    lines("Cost an hour by tier", "What the models' parts cost, an hour at the present pace, in the currency of the prices.", "short", [("{{tier}}", f"3600 * {rate('gateway_model_cost_total', by='tier')}")], stack=True),
    lines("Budgets used", "The part of each key's budget that is used in this day, week or month.", "percentunit",
          [("{{key}}, {{unit}} a {{period}}", f"max by (key, unit, period) (gateway_budget_used_ratio{{{JOB}}})")], width=24, steps=[(None, GREEN), (0.8, YELLOW), (1, RED)]),
]

process = [
    lines("Processor", "Share of the machine's processors in use: by the gateway, and by all programs.", "percentunit",
          [("gateway {{instance}}", f"process_cpu_usage{{{JOB}}}"), ("machine {{instance}}", f"system_cpu_usage{{{JOB}}}")]),
    lines("Memory", "Memory that the gateway's runtime uses.", "bytes", [("{{area}} {{instance}}", f"sum by (area, instance) (jvm_memory_used_bytes{{{JOB}}})")]),
    lines("Pauses", "Share of the time that garbage collection stood in the way.", "percentunit", [("{{instance}}", rate("jvm_gc_pause_seconds_sum", by="instance"))]),
    lines("Open files", "Sockets are files: each client and each call to a model server is one.", "short", [("{{instance}}", f"process_files_open_files{{{JOB}}}")], width=12),
    lines("Running since", "How long each gateway has been running: a line that falls to zero is a restart.", "s", [("{{instance}}", f"process_uptime_seconds{{{JOB}}}")], width=12),
]

# Title, panels, and whether the row is collapsed at first: those of features that not everyone uses.
ROWS = [
    ("Now", now, False),
    ("Is the hybrid worth it", worth, False),
    ("Objectives and burn", objectives, False),
    ("Traffic and errors", traffic, False),
    ("First token", first_token, False),
    ("Total time and its parts", total, False),
    ("Tokens and rate", tokens, True),
    ("Hybrid model", hybrid, True),
    ("Retrieval", retrieval, True),
    ("Keys, tiers and budgets", keys, True),
    ("Model servers: health, breaker, queue", upstreams, False),
    ("Process", process, True),
]
