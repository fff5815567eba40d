"""What becomes of a crawl among hosts that misbehave: a source for each case, all in one crawl.

python -m tests.benchmarks.hostile
python -m tests.benchmarks.hostile --only "redirect to" --show

Each host has a port of its own on the loopback interface, allowed by ALLOW_PRIVATE_ADDRESSES; one more port is not,
and no connection may reach it. Timeout 5 s, one retry, 50 pages a source. Linux only (/proc).
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import tomli_w

from tests.benchmarks.hostile_cases import Case, cases
from tests.newssite import Site, Web, hosts

ROOT = Path(__file__).parent.parent.parent
SETTINGS = {
    "DOWNLOAD_DELAY": 0, "DOWNLOAD_TIMEOUT": 5, "RETRY_TIMES": 1, "HOST_PATIENCE": 3, "CRAWL_DELAY_MAX": 2,
    "SOURCE_MAX_PAGES": 50,
}  # fmt: skip
MOST_MEMORY = 600
LONGEST = 900


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default="", help="cases whose name holds this")
    parser.add_argument("--show", action="store_true", help="every case, not only those with another outcome")
    options = parser.parse_args()
    with hosts() as web, tempfile.TemporaryDirectory() as folder:
        refused = [web.host(name="0.0.0.0")]
        refused.append(web.host(name="::", port=refused[0].port))
        chosen = [case for case in cases(refused[0].port) if options.only in case.name]
        sites = [_prepared(web, case) for case in chosen]
        found, seconds, memory, errors = _crawl(Path(folder), chosen, sites)
    others = _tell(chosen, sites, found, show=options.show)
    hits = sum(site.connections for site in refused)
    print(f"{len(chosen)} cases, {others} with another outcome than expected; {seconds:.0f} s")
    print(f"connections to the forbidden port: {hits}; peak memory of the main process: {memory} MB; {errors}")
    sys.exit(int(hits > 0 or memory > MOST_MEMORY))


def _prepared(web: Web, case: Case) -> Site:
    site = web.host()
    case.set_up(site)
    return site


def _crawl(folder: Path, chosen: Sequence[Case], sites: Sequence[Site]) -> tuple[dict[str, Any], float, int, str]:
    """The funnel of each source, seconds, peak memory in MB, and what the log says of faults."""
    entries = [
        {"url": f"{site.url}/", "name": f"case-{number}", **case.entry(site)}
        for number, (case, site) in enumerate(zip(chosen, sites, strict=True))
    ]
    (folder / "sources.toml").write_text("\n".join(f"[[source]]\n{tomli_w.dumps(entry)}" for entry in entries))
    allowed = ",".join(site.url.partition("//")[2] for site in sites)
    settings = {**SETTINGS, "ALLOW_PRIVATE_ADDRESSES": allowed, "LOG_FILE": "crawl.log"}
    options = [part for name, value in settings.items() for part in ("-s", f"{name}={value}")]
    command = [sys.executable, "-m", "pipeline", "crawl", "news", "--json", *options]
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("NEWSLOOM_", "SCRAPY_"))}
    began, memory = time.monotonic(), 0
    with (folder / "out.json").open("w") as out:
        process = subprocess.Popen(command, cwd=folder, env={**environment, "PYTHONPATH": str(ROOT)}, stdout=out)
        while process.poll() is None and time.monotonic() - began < LONGEST:
            memory = max(memory, _peak(process.pid))
            time.sleep(0.2)
        hung = process.poll() is None
        process.kill()
        process.wait()
    log = (folder / "crawl.log").read_text(errors="replace")
    written = (folder / "out.json").read_text()
    errors = f"{log.count('Traceback')} tracebacks, {'did not end' if hung else f'exit status {process.returncode}'}"
    return json.loads(written or "{}"), time.monotonic() - began, memory, errors


def _peak(process: int) -> int:
    try:
        status = Path(f"/proc/{process}/status").read_text(encoding="ascii")
    except OSError:
        return 0
    return next((int(line.split()[1]) // 1024 for line in status.splitlines() if line.startswith("VmHWM")), 0)


def _tell(chosen: Sequence[Case], sites: Sequence[Site], found: dict[str, Any], *, show: bool) -> int:
    """Print the cases; the number of those whose outcome was not expected."""
    others = 0
    for number, (case, site) in enumerate(zip(chosen, sites, strict=True)):
        told = outcome(found.get(f"case-{number}", {}))
        expected = any(word in told for word in case.expected.split())
        others += not expected
        if show or not expected:
            times = site.times() or [0.0]
            mark = " " if expected else "!"
            print(f"{mark} {case.name:44.44} {len(site.log):5} requests {times[-1] - times[0]:6.1f} s  {told}")
    return others


def outcome(funnel: dict[str, Any]) -> str:
    """Everything that became of a source, in words."""
    if not funnel:
        return "no funnel"
    words = [f"article {funnel['article']}"] if funnel.get("article") else []
    words += [f"{stage} {funnel[stage]}" for stage in ("known", "trap") if funnel.get(stage)]
    for group in ("lost", "rejected", "listings"):
        told = ", ".join(f"{number} {reason}" for reason, number in funnel[group].items())
        words += [f"{group.removesuffix('s')} {told}"] if told and not (group == "listings" and words) else []
    return "; ".join(words)


if __name__ == "__main__":
    main()
