"""The results as tables in Markdown, and what they say about the aims."""

import os
import platform
from collections.abc import Iterator

from bin.bench.measurement import Result

FLOOR = ("fertige Bytes", "schlichte Seite")
HEAD = (
    "| Kommunen | Seite | wie | Antworten/s | CPU ms | p50 ms | p99 ms | Abfragen | kB | MiB |\n"
    "|---:|---|---|---:|---:|---:|---:|---:|---:|---:|"
)


def page(results: list[Result]) -> str:
    """Return the whole report."""
    return "\n".join([
        f"\n## Gemessen auf {os.cpu_count()} Kernen, Python {platform.python_version()}, "
        f"Last der Maschine {os.getloadavg()[2]:.1f}\n",
        HEAD,
        *(_row(result) for result in results),
        "\n## Ziele\n",
        "| Ziel | verlangt | gemessen | |\n|---|---:|---:|---|",
        *_aims(results),
        "",
    ])  # fmt: skip


def _row(result: Result) -> str:
    figures = [number(result.rate, 0), number(result.cpu, 2)] if result.seconds else ["", ""]
    figures += [number(result.percentile(50)), number(result.percentile(99))]
    queries = "" if result.queries is None else str(result.queries)
    kilobytes = number(result.kilobytes, 0) if result.kilobytes else ""
    mebibytes = number(result.mebibytes, 0) if result.mebibytes else ""
    cells = [number(result.size, 0), result.page, result.way, *figures, queries, kilobytes, mebibytes]
    return f"| {' | '.join(cells)} |"


def number(value: float, digits: int = 1) -> str:
    return f"{value:,.{digits}f}".translate(str.maketrans(",.", ".,"))


def _aims(results: list[Result]) -> Iterator[str]:
    by_way = {(result.size, result.page, result.way): result for result in results}
    for (size, name, way), kept in by_way.items():
        if way == "aus dem Speicher":
            ready = by_way[size, name, "fertige Bytes"]
            yield aim(
                f"{name} aus dem Speicher, {size} Kommunen: Rate der fertigen Bytes", kept.rate / ready.rate, least=0.5
            )
    for name, most in (("Verzeichnis", 1.5), ("Profil", 2)):
        for size in sorted({result.size for result in results}):
            anew, floor = by_way[size, name, "neu erzeugt"], by_way[size, name, "schlichte Seite"]
            yield aim(f"{name} neu erzeugt, {size} Kommunen: CPU der schlichten Seite", anew.cpu / floor.cpu, most=most)
    yield aim("Abfragen einer Seite, höchstens", max(result.queries or 0 for result in results), most=10, digits=0)
    yield aim(
        "20 Personen zugleich: p95 in ms",
        next(result for result in results if result.way == "alles gemischt").percentile(95),
        most=300,
        digits=0,
    )
    yield aim(
        "Speicher eines Webprozesses nach der Last in MiB",
        max(result.mebibytes for result in results if result.way not in FLOOR),
        most=130,
        digits=0,
    )
    yield aim("Antworten, die keine waren", sum(result.failed for result in results), most=0, digits=0)
    load = max(result.own_cpu / result.seconds for result in results if result.seconds)
    yield f"| Anteil eines Kerns, den die Last selbst brauchte, höchstens | | {number(load, 2)} | |"


def aim(name: str, value: float, *, least: float | None = None, most: float | None = None, digits: int = 2) -> str:
    demand = f"≥ {number(least, digits)}" if least is not None else f"≤ {number(most, digits)}"
    reached = value >= least if least is not None else value <= most
    return f"| {name} | {demand} | {number(value, digits)} | {'erreicht' if reached else '**verfehlt**'} |"
