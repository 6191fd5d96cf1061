"""A process of its own for one engine: sets the documents it is told to, one at a time, and says how long each took.

    python -m bench.peers.work MODULE

Each line of standard input names a document and the folder its PDFs go to, parted by a tab: `0.pdf` is the report,
`1.pdf` its technical record. Each is answered by a line of JSON: `missing` (why the engine cannot be run here), or
`fault` (the kind of error that stopped it), or `ms`, the time of all its PDFs. A line
`version` is answered by `version`: asking an engine for it may take longer than setting a document. The process ends
with its input.
"""

from __future__ import annotations

import importlib
import json
import pickle
import sys
import time
from pathlib import Path
from typing import Any

__all__ = ["main"]


def _set(module: str, source: Path, folder: Path) -> dict[str, Any]:
    engine = importlib.import_module(module)
    if why := engine.missing():
        return {"missing": why}
    document = pickle.loads(source.read_bytes())  # noqa: S301 - a file that the bench itself wrote a moment ago
    start = time.perf_counter()
    # A peer sets one part after the other; ours takes the report as a whole.
    made = [engine.make(part) for part in document] if isinstance(document, tuple) else engine.make(document)
    spent_ms = (time.perf_counter() - start) * 1000
    folder.mkdir(exist_ok=True)
    for number, data in enumerate(made):
        (folder / f"{number}.pdf").write_bytes(data)
    return {"ms": spent_ms}


def _answer(module: str, line: str) -> dict[str, Any]:
    if line == "version":
        return {"version": importlib.import_module(module).version()}
    source, folder = line.split("\t")
    return _set(module, Path(source), Path(folder))


def main(module: str) -> int:
    """Set documents until the input ends; an engine that fails is told, and is no failure of this process."""
    for line in sys.stdin:
        try:
            answer = _answer(module, line.rstrip("\n"))
        except Exception as error:  # noqa: BLE001 - engines raise anything; a message may quote the text it was given
            answer = {"fault": type(error).__name__}
        print(json.dumps(answer), flush=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1]))
