"""Rows of runs.csv: the header of bench, the fields of a peer, the row of a sweep of bench."""
import csv
import io
import os
import random
import re
import subprocess
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def header():
    """The columns in their order, from the list that bench is built from."""
    columns = (ROOT / "analysis" / "rows" / "columns.def").read_text(encoding="ascii")
    return re.findall(r"^COLUMN\((\w+),", columns, re.MULTILINE)


# Files and programs are read as UTF-8 in any locale; a path in them may be any bytes.
TEXT = {"encoding": "utf-8", "errors": "surrogateescape"}


def replace(file, text):
    """Writes the text to the file; if that fails, the file stays unchanged."""
    part = Path(f"{file}.{os.getpid()}.part")
    try:
        part.write_text(text, **TEXT)
        part.replace(file)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def new_run_id():
    """A name for results, as bench makes it: two runs within a second have different ones."""
    digits = f"{random.SystemRandom().randrange(1 << 16):04x}"
    return time.strftime("%Y%m%dT%H%M%SZ-", time.gmtime()) + digits


class Writer:
    """Writes a row at a time; a column that the row lacks is an empty field."""

    def __init__(self, file):
        self.file = open(file, "w", newline="", **TEXT)
        self.csv = csv.DictWriter(self.file, header(), restval="", lineterminator="\n")
        self.csv.writeheader()

    def write(self, row):
        # Times have nine decimals, as in the rows of bench.
        shown = {
            key: f"{value:.9f}" if isinstance(value, float) else value
            for key, value in row.items()
        }
        self.csv.writerow(shown)
        self.file.flush()

    def close(self):
        self.file.close()


def read(file):
    with open(file, newline="", **TEXT) as rows:
        return list(csv.DictReader(rows))


def of_bench(bench, arguments):
    """The rows of a sweep of bench."""
    command = [bench, "run", *arguments, "--quiet", "--csv", "-"]
    ended = subprocess.run(command, stdout=subprocess.PIPE, check=False, **TEXT)
    if ended.returncode not in (0, 4):
        raise RuntimeError(f"this command failed: {' '.join(command)}")
    return list(csv.DictReader(io.StringIO(ended.stdout)))


def our_strategies():
    """Those of bench, from the list that it is built from."""
    listed = (ROOT / "strategies" / "list.def").read_text(encoding="ascii")
    return [
        name.replace("_", "-") for name in re.findall(r"^STRATEGY\((\w+)\)", listed, re.MULTILINE)
    ]
