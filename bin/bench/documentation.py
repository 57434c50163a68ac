"""`python -m bin.bench.documentation [40 …]`: what the PDF of a documentation costs, held against WeasyPrint by itself.

Both ways set the same markup in the same run, in turns, each in a process of its own whose start does not count: ours
by `core.pdf_child` with the photos as they were prepared when they were sent, WeasyPrint by its own door with photos
of 1,600 pixels lying ready. Prints a table in Markdown and what it says about the aims.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bin.bench.report import aim, number
from bin.bench.servers import PROGRAMS, ROOT

SIZES, TURNS = (40, 12, 120), 3
HEAD = (
    "| Seiten | wie | CPU s | Speicher MiB | MB | dpi der Fotos | Foto hochladen ms |\n"
    "|---:|---|---:|---:|---:|---:|---:|"
)
KEPT = ("PATH", "HOME", "LANG", "TMPDIR")


def environment(folder: Path) -> dict[str, str]:
    """The settings of the tests, with data of their own."""
    return {name: os.environ[name] for name in KEPT if name in os.environ} | {
        "DJANGO_SETTINGS_MODULE": "netzwerk.settings",
        "DATABASE_URL": f"sqlite:///{folder / 'bench.sqlite3'}",
        "SECRET_KEY": "b" * 50,
        "SITE_URL": "http://localhost",
        "MAIL_FROM": "Kommunen-Netzwerk <portal@netzwerk.example>",
        "EMAIL_URL": "smtp://127.0.0.1:1",
        "CELERY_BROKER_URL": "redis://127.0.0.1:1/0",  # nobody is woken here
        "DATA_DIR": str(folder),
        "LOG_LEVEL": "ERROR",
    }


def run(variables: dict[str, str], *arguments: str) -> dict:
    command = [PROGRAMS / "python", "-m", *arguments]
    done = subprocess.run(command, cwd=ROOT, env=variables, check=True, stdout=subprocess.PIPE, text=True)
    return json.loads(done.stdout.splitlines()[-1])


def measure(pages: int) -> dict:
    """Return for a documentation of so many pages what each way cost at best, of some turns."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        variables = environment(folder)
        made = run(variables, "bin.bench.documentation_fill", str(pages))
        results = {way: [] for way in ("portal", "weasyprint")}
        for _ in range(TURNS):
            for way, found in results.items():
                found.append(run(variables, "bin.bench.typeset", way, made[way], str(folder / f"{way}.pdf")))
        best = {way: min(found, key=lambda one: one["seconds"]) for way, found in results.items()}
        best["portal"]["dpi"] = dots_per_inch(folder / "portal.pdf")
        best["portal"]["upload"] = made["upload"]
        return best


def dots_per_inch(file: Path) -> int:
    """Return how many dots the finest picture of a PDF has on an inch, by poppler."""
    command = [shutil.which("pdfimages") or "pdfimages", "-list", file]
    lines = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout.splitlines()[2:]
    return max((int(line.split()[12]) for line in lines), default=0)


def rows(best: dict) -> list[str]:
    return [
        f"| {best[way]['pages']} | {name} | {number(best[way]['seconds'], 2)} | {number(best[way]['mebibytes'], 0)} | "
        f"{number(best[way]['bytes'] / 1e6, 2)} | {best[way].get('dpi', '')} | "
        f"{number(best[way]['upload'], 0) if 'upload' in best[way] else ''} |"
        for way, name in (("portal", "Portal"), ("weasyprint", "WeasyPrint allein"))
    ]


def aims(best: dict) -> list[str]:
    portal = best["portal"]
    name = f"Dokumentation, {portal['pages']} Seiten"
    return [
        aim(f"{name}: Zeit von WeasyPrint allein", portal["seconds"] / best["weasyprint"]["seconds"], most=1.3),
        aim(f"{name}: Größe in MB", portal["bytes"] / 1e6, most=3),
        aim(f"{name}: Speicher des Kindprozesses in MiB", portal["mebibytes"], most=250, digits=0),
        aim(f"{name}: dpi der Fotos", portal["dpi"], most=151, digits=0),
    ]


def main(sizes: list[int]) -> int:
    started = time.monotonic()
    print("\n## Dokumentation: 90 Teilnehmende, zehn Fotos mit 12 Megapixeln\n")
    print(HEAD)
    found = {}
    for pages in sizes:
        found[pages] = measure(pages)
        print("\n".join(rows(found[pages])), flush=True)
    print("\n| Ziel | verlangt | gemessen | |\n|---|---:|---:|---|")
    print("\n".join(line for best in found.values() for line in aims(best)))
    print(f"\nGedauert hat es {time.monotonic() - started:.0f} Sekunden.")
    return 0


if __name__ == "__main__":
    sys.exit(main([int(size) for size in sys.argv[1:]] or list(SIZES)))
