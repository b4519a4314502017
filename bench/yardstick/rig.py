"""What bench/run, bench/warm and bench/grow share: the yardstick's programs, the gateway as it is measured, and what a program has used, out of /proc."""
import atexit
import json
import os
import pathlib
import platform
import resource
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

BENCH = pathlib.Path(__file__).resolve().parent.parent
APP = BENCH.parent / "target" / "quarkus-app"
JAVA = os.environ.get("JAVA25") or (os.environ["JAVA_HOME"] + "/bin/java" if os.environ.get("JAVA_HOME") else "java")
PAGE, TICKS = os.sysconf("SC_PAGE_SIZE"), os.sysconf("SC_CLK_TCK")
STREAM = "-stream -tokens 32 -ttft 50000 -itl 20000 -stamps".split()
scratch = pathlib.Path(tempfile.mkdtemp(prefix="yardstick"))
running = []


def say(text):
    print(time.strftime("%H:%M:%S"), text, file=sys.stderr, flush=True)


def build():
    """Builds load and model server; ends the program, aloud, where that can't be."""
    if platform.system() != "Linux":
        skip("processor time and memory are read from Linux' /proc")
    if not shutil.which("go"):
        skip("Go is not installed; it builds bench/yardstick")
    if not (APP / "quarkus-run.jar").exists() and "BENCH_APP" not in os.environ:
        sys.exit("There is no packaged gateway. Build it first: ./mvnw package -DskipTests")
    environment = {**os.environ, "GOTOOLCHAIN": "local", "GOFLAGS": "", "CGO_ENABLED": "0"}
    subprocess.run(["go", "build", "-o", f"{scratch}/", "./load", "./upstream"], cwd=BENCH / "yardstick", env=environment, check=True)


def skip(why):
    print(f"SKIPPED: {why}", flush=True)
    sys.exit(0)


ports = iter(range(12_000 + os.getpid() % 200 * 100, 32_768))


def free_port():
    """Below those that the system gives to clients, so that no connection of a load takes it before its program does."""
    for port in ports:
        with socket.socket() as one:
            if one.connect_ex(("127.0.0.1", port)) != 0:
                return port


class Program:
    """A program in a session of its own, whose processes are counted together."""

    def __init__(self, argv, port, folder, **environment):
        folder.mkdir(parents=True, exist_ok=True)
        self.port, self.log = port, folder / "log"
        self.url = f"http://127.0.0.1:{port}/v1/chat/completions"
        self.began = time.monotonic()
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(
                argv, cwd=folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env={**os.environ, **environment}, start_new_session=True
            )
        running.append(self)

    def pids(self):
        found = []
        for entry in os.listdir("/proc"):
            fields = stat(entry) if entry.isdigit() else []
            if fields and int(fields[3]) == self.process.pid and fields[0] != "Z":
                found.append(entry)
        return found

    def used(self):
        """Seconds on a processor: exact, of the threads alive now; in ticks, of all; and how many processes."""
        exact = coarse = 0
        pids = self.pids()
        for pid in pids:
            fields = stat(pid)
            coarse += sum(map(int, fields[11:15])) / TICKS if fields else 0
            for thread in listed(f"/proc/{pid}/task"):
                exact += int((read(f"/proc/{pid}/task/{thread}/schedstat") or "0").split()[0]) / 1e9
        return exact, coarse, len(pids)

    def memory(self):
        """Resident bytes."""
        return sum(int(fields[21]) * PAGE for fields in map(stat, self.pids()) if fields)

    def answers(self):
        """Waits for the first right answer and tells the milliseconds since the start."""
        while load(self, "-conns 1 -per-conn 1 -d 5s -tokens 4".split())["ok"] != 1:
            if self.process.poll() is not None or time.monotonic() > self.began + 120:
                sys.exit(f"no right answer from {self.process.args[0]} (BENCH_LOG=FILE keeps a gateway's log)\n" + self.log.read_text(errors="replace")[-3000:])
            time.sleep(0.01)
        if self.process.poll() is not None:
            sys.exit(f"something else answers on port {self.port}")
        return (time.monotonic() - self.began) * 1000

    def stop(self):
        for how, patience in ((signal.SIGTERM, 10), (signal.SIGKILL, 2)):
            end = time.monotonic() + patience
            for pid in self.pids():
                try:
                    os.kill(int(pid), how)
                except ProcessLookupError:
                    pass
            while self.pids() and time.monotonic() < end:
                time.sleep(0.02)
        self.process.wait()
        running.remove(self)


def read(name):
    try:
        with open(name) as file:
            return file.read()
    except OSError:  # It has ended.
        return ""


def listed(folder):
    try:
        return os.listdir(folder)
    except OSError:
        return []


def stat(pid):
    return read(f"/proc/{pid}/stat").rpartition(")")[2].split()


def spent(before, after):
    """Seconds between two looks: the exact figure, unless threads that ended in between took some of it along."""
    exact, coarse = after[0] - before[0], after[1] - before[1]
    return coarse if exact < coarse - 0.02 * (after[2] + 1) else exact


def end(*_):
    for program in running[::-1]:
        program.stop()
    shutil.rmtree(scratch, ignore_errors=True)


atexit.register(end)
for stopping in (signal.SIGTERM, signal.SIGHUP):
    signal.signal(stopping, lambda *_: sys.exit(130))


def upstream():
    port = free_port()
    program = Program([str(scratch / "upstream"), "-listen", f"127.0.0.1:{port}"], port, scratch / "upstream-run")
    program.answers()
    return program


def gateway(models, *options, folder=None, port=None, **environment):
    """bench/gateway before the model server; options are further ones of the JVM. Its folder is its own: configuration, documents, records."""
    port = port or free_port()
    environment = {"JAVA25": JAVA, "PORT": str(port), "UPSTREAM": f"127.0.0.1:{models.port}", **environment}
    return Program([str(BENCH / "gateway"), *options], port, folder or scratch / f"gateway-{port}", **environment)


def load(program, arguments):
    """What the load's program says."""
    asked = subprocess.run([str(scratch / "load"), "-url", program.url, *arguments], stdout=subprocess.PIPE, text=True, check=True)
    return json.loads(asked.stdout)


def machine():
    """Seconds that all processors were busy."""
    ticks = list(map(int, read("/proc/stat").splitlines()[0].split()[1:9]))
    return (sum(ticks) - ticks[3] - ticks[4]) / TICKS


def measure(program, arguments, models):
    """The same with what the program used meanwhile; the names are those of the rows in bench/results."""
    peak, over = [program.memory()], threading.Event()

    def sample():
        while not over.wait(0.25):
            peak[0] = max(peak[0], program.memory())

    sampler = threading.Thread(target=sample)
    sampler.start()
    busy, own, theirs, before = machine(), children(), models.used(), program.used()
    try:
        row = load(program, arguments)
    finally:
        over.set()
        sampler.join()
    row["target_cpu_s"] = spent(before, program.used()) if program is not models else 0
    row["upstream_cpu_s"], row["load_cpu_s"] = spent(theirs, models.used()), children() - own
    row["other_cpu_s"] = machine() - busy - row["target_cpu_s"] - row["upstream_cpu_s"] - row["load_cpu_s"]
    row["target_cpu_s_per_1000"] = row["target_cpu_s"] / max(1, row["ok"]) * 1000
    row["rss_peak"] = max(peak[0], program.memory())
    return row


def children():
    use = resource.getrusage(resource.RUSAGE_CHILDREN)
    return use.ru_utime + use.ru_stime
