"""Tests of the modules that own C handles, with AddressSanitizer and LeakSanitizer, and with ThreadSanitizer."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from local_stack.repository import ROOT
from local_stack.test_servers import test_servers

from . import toolchain

_MODULES = ("RedisClient", "AMQPClient", "HTTPTransport", "NameResolution", "WorkerThread", "Compression")
_TARGETS = (*(f"{module}Tests" for module in _MODULES), "ClientIntegrationTests")
_FILES = ROOT / "Tests" / "Sanitizers"
#: One after the other: code in a sanitizer is some times slower, and tests have bounds of time.
_TEST = ("--testing-library", "swift-testing", "--no-parallel")
#: A test of a process of its own, in which ThreadSanitizer now and then reports the hand-over of a mutex for a race.
_NOT_IN_THREAD = ("--skip", "ignoresProxies")


def sanitize(progress: Callable[[str], None]) -> None:
    """Raises at a failed test and at any report: each makes the tests' program end with a status other than 0."""
    with TemporaryDirectory(prefix="tasker-sanitize-") as name:
        directory = Path(name)
        _run("address", _address_options(), directory, progress)
        _run("thread", _thread_options(directory), directory, progress, *_NOT_IN_THREAD)


def _run(
    sanitizer: str, options: dict[str, str], directory: Path, progress: Callable[[str], None], *arguments: str
) -> None:
    progress(f"building for the {sanitizer} sanitizer")
    folder = toolchain.scratch(f"sanitize-{sanitizer}")
    toolchain.build(folder, "--build-tests", f"--sanitize={sanitizer}", TASKER_SANITIZED_TESTS=",".join(_TARGETS))
    with test_servers(directory / sanitizer, progress) as servers:
        progress(f"tests under the {sanitizer} sanitizer")
        toolchain.run([str(folder / "debug" / "TaskerPackageTests.xctest"), *_TEST, *arguments], **options, **servers)


def _address_options() -> dict[str, str]:
    return {
        "ASAN_OPTIONS": f"detect_leaks=1:external_symbolizer_path={toolchain.program('llvm-symbolizer')}",
        "LSAN_OPTIONS": f"suppressions={_FILES / 'leaks.txt'}:print_suppressions=0",
    }


def _thread_options(directory: Path) -> dict[str, str]:
    library = directory / "mutex_handover.so"
    toolchain.run([
        toolchain.program("clang"), "-shared", "-fPIC", "-O1", "-Wall", "-Werror", "-o", str(library),
        str(_FILES / "mutex_handover.c")])
    return {
        "LD_PRELOAD": str(library),
        "TSAN_OPTIONS": f"external_symbolizer_path={toolchain.program('llvm-symbolizer')}",
    }
