"""Runs the fuzz targets, each for a while: libFuzzer with AddressSanitizer and LeakSanitizer."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

from local_stack import StackError

from . import toolchain
from .seeds import SEEDS

_FOLDER = toolchain.scratch("fuzzing")
#: As in production, since that is also the faster code; traps stay. libFuzzer follows what an input reaches by counters
#: in the code, which `--sanitize=fuzzer` alone does not add.
_BUILD = (
    "-c", "release", "--product", "Fuzzing", "--sanitize=fuzzer", "--sanitize=address",
    "-Xswiftc", "-enable-testing",
    "-Xswiftc", "-sanitize-coverage=edge,indirect-calls,trace-cmp,inline-8bit-counters",
)
#: Bytes of an input; seconds and megabytes that it may take.
_LIMITS = ("-max_len=16384", "-timeout=10", "-rss_limit_mb=2048")


def fuzz(seconds: int, progress: Callable[[str], None]) -> None:
    """Builds, then runs every target. Raises if one found a fault; libFuzzer then names the file with the input.

    Inputs that reached code of their own are kept, and the next run starts from them.
    """
    progress("building the fuzz targets")
    toolchain.build(_FOLDER, *_BUILD, TASKER_FUZZING="1")
    program = _FOLDER / "release" / "Fuzzing"
    (_FOLDER / "crashes").mkdir(exist_ok=True)
    failed = [target for target in SEEDS if not _passes(target, program, seconds, progress)]
    if failed:
        raise StackError(f"faults found by fuzzing: {', '.join(failed)}")


def _passes(target: str, program: Path, seconds: int, progress: Callable[[str], None]) -> bool:
    seed = secrets.randbits(31)
    log = _FOLDER / f"{target}.log"
    options = (
        f"-seed={seed}", f"-max_total_time={seconds}", f"-artifact_prefix={_FOLDER}/crashes/{target}-", *_LIMITS,
        "-verbosity=0", "-print_final_stats=1")
    status = toolchain.run_logged(
        [str(program), *options, str(_corpus(target))],
        log,
        TASKER_FUZZ_TARGET=target,
        ASAN_OPTIONS=f"external_symbolizer_path={toolchain.program('llvm-symbolizer')}")
    report = log.read_text(errors="replace")
    inputs, rate = (_figure(name, report) for name in ("number_of_executed_units", "average_exec_per_sec"))
    progress(f"{target}: {inputs} inputs, {rate}/s, seed {seed}")
    if status != 0:
        progress(f"{target} ended with {status}; {log} ends so:\n{report[-4000:]}")
    return status == 0


def _figure(name: str, report: str) -> str:
    found = re.search(rf"stat::{name}:\s+(\d+)", report)
    return found[1] if found else "unknown"


def _corpus(target: str) -> Path:
    folder = _FOLDER / "corpus" / target
    folder.mkdir(parents=True, exist_ok=True)
    for seed in SEEDS[target]():
        (folder / sha256(seed).hexdigest()).write_bytes(seed)
    return folder
