"""The measuring half of bench/warm: processor time by the kind of thread, out of /proc."""
import glob
import statistics
import subprocess
import sys
import time

KINDS = {"vert.x-": "loops", "C2 Comp": "second compiler", "C1 Comp": "first compiler"}
STREAMS = "-conns 512 -stream -tokens 32 -ttft 50000 -itl 20000 -stamps -rate 100".split()
SHORT = "-conns 512 -tokens 16 -stamps -rate 1000".split()
mode, scratch, times = sys.argv[1], sys.argv[2], int(sys.argv[3])


def used(port):
    """Milliseconds by kind, and of all threads."""
    with open(f"{scratch}/pid{port}") as file:
        process = file.read().strip()
    spent = dict.fromkeys([*KINDS.values(), "all"], 0.0)
    for thread in glob.glob(f"/proc/{process}/task/*"):
        try:
            with open(thread + "/comm") as name, open(thread + "/schedstat") as stat:
                kind, millis = name.read()[:7], int(stat.read().split()[0]) / 1e6
        except OSError:
            continue
        spent["all"] += millis
        if kind in KINDS:
            spent[KINDS[kind]] += millis
    return spent


def load(port, arguments, seconds):
    command = [f"{scratch}/load", "-url", f"http://127.0.0.1:{port}/v1/chat/completions", *arguments, "-d", f"{seconds}s"]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def window(port, arguments, seconds):
    """Milliseconds an answer: of the loops, and of all threads."""
    before = used(port)
    answers = int(load(port, arguments, seconds).communicate()[0].split(" right")[0].split()[-1])
    after = used(port)
    return [(after[kind] - before[kind]) / answers for kind in ("loops", "all")]


if mode == "steps":
    running = load(29191, STREAMS, 5 * times + 5)
    before = used(29191)
    for step in range(times):
        time.sleep(5)
        after = used(29191)
        print(f"{5 * step + 5:4d} s", {kind: round(after[kind] - before[kind]) for kind in after}, "ms", flush=True)
        before = after
    running.communicate()
else:
    ports = (29191, 29192)
    for _ in range(4):
        for port in ports:
            load(port, STREAMS, 10).communicate()
    for name, arguments, seconds in (("stream of 32", STREAMS, 4), ("short answer", SHORT, 2)):
        rows = {port: [] for port in ports}
        for round_ in range(times):
            for port in ports if round_ % 2 == 0 else ports[::-1]:
                rows[port].append(window(port, arguments, seconds))
        first, second = ([row[0] for row in rows[port]] for port in ports)
        print(f"{name}: loops, ms each: {statistics.median(first):.3f} and {statistics.median(second):.3f}, median of the ratios "
              f"{statistics.median(b / a for a, b in zip(first, second)):.3f}; all threads: "
              f"{statistics.median(r[1] for r in rows[ports[0]]):.3f} and {statistics.median(r[1] for r in rows[ports[1]]):.3f}", flush=True)
