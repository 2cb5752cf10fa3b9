"""Results as the tables of docs/reliability.md."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from .row import MEGABYTES
from .rows import ROWS

_HEAD = ("row", "trials", "figure to reach", "", "observed", "bound on the rate of violations")
_DEFENCES_HEAD = ("without", "row", "what must be found", "", "found")
_OWN_COLUMN = frozenset({"run", "seconds", "violations", "first", "of"})


def tabulate(results: Iterable[dict]) -> str:
    """Markdown: where the results are from, a table of rows, one of defences. Of a row's results the last counts."""
    latest = {(result["row"], result.get("defence")): result for result in results}
    order = {name: place for place, name in enumerate(ROWS)}
    found = sorted(latest.values(), key=lambda result: order.get(result["row"], len(order)))
    rows = [result for result in found if "defence" not in result]
    defences = [result for result in found if "defence" in result]
    parts = ["\n".join(dict.fromkeys(map(_origin, found)))]
    if rows:
        parts.append("\n".join(_table(_HEAD, map(_row, rows))))
    if defences:
        parts.append("\n".join(_table(_DEFENCES_HEAD, map(_defence, defences))))
    return "\n\n".join(parts)


def _origin(result: dict) -> str:
    run = result["observed"].get("run")
    if run is None:
        return f"Seed {result['seed']}."
    programs = f"{run['build']} programs of commit {run['commit']}"
    return f"{run['date']}, seed {result['seed']}, {programs}, {run['machine']}, {run['jobs']} installations at a time."


def _table(head: tuple[str, ...], lines: Iterable[tuple[str, ...]]) -> Iterator[str]:
    for cells in (head, ("---",) * len(head), *lines):
        yield f"| {' | '.join(cells)} |"


def _row(result: dict) -> tuple[str, ...]:
    asked = ROWS[result["row"]].table_trials if result["row"] in ROWS else result["trials"]
    trials = f"{result['trials']:,}" + (f" of {asked:,}" if result["trials"] < asked else "")
    bound = f"< {3 / result['trials']:.2g}" if result["ok"] and result["trials"] else "-"
    return result["row"], trials, result["figure"], _verdict(result), _observed(result), bound


def _defence(result: dict) -> tuple[str, ...]:
    seen = result["observed"]
    first = (seen.get("first") or ["nothing"])[0].partition(" [")[0]
    said = f"{seen['violations']} violations of {', '.join(seen['of'])}: {first}" if seen["violations"] else "nothing"
    return result["defence"], result["row"], result["figure"], _verdict(result), said


def _verdict(result: dict) -> str:
    return "met" if result["ok"] else "**not met**"


def _observed(result: dict) -> str:
    seen = result["observed"]
    parts = [_value(name, value) for name, value in seen.items() if name not in _OWN_COLUMN]
    if seen.get("first"):
        parts.append(f"{seen['violations']} violations, the first: {seen['first'][0].partition(' [')[0]}")
    return "; ".join(parts)


def _value(name: str, value: object) -> str:
    words = name.replace("_", " ").removesuffix(MEGABYTES)
    unit = "MB" if name.endswith(MEGABYTES) else "s"
    if isinstance(value, dict):
        return f"{words} " + ", ".join(f"{percentile} {sample:.3g} {unit}" for percentile, sample in value.items())
    return f"{words} {value:,}"
