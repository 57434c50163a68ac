"""Sets one document in one way and prints as JSON what it cost: seconds of a processor, the start not counted.

`python -m bin.bench.typeset portal|weasyprint <task> <file to write>`
"""

import json
import resource
import sys
import time
from pathlib import Path

from weasyprint import HTML

from core import pdf_child


def main(way: str, task: bytes, target: Path) -> dict:
    started = time.process_time()
    if way == "portal":
        pages, _, content = pdf_child.render(task).partition(b"\n")
    else:
        asked = json.loads(task)
        # Only it knows where our files lie.
        files = pdf_child.OwnFiles(Path(asked["static"]), Path(asked["media"]), asked["files"])
        document = HTML(string=asked["html"], base_url="static:", url_fetcher=files).render(pdf_variant="pdf/ua-1")
        pages, content = len(document.pages), document.write_pdf(pdf_variant="pdf/ua-1")
    seconds = time.process_time() - started
    target.write_bytes(content)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"pages": int(pages), "seconds": seconds, "bytes": len(content), "mebibytes": peak}


print(json.dumps(main(sys.argv[1], Path(sys.argv[2]).read_bytes(), Path(sys.argv[3]))))
