"""environment.py - imported by the scripts in Python: how they read arguments, as environment.sh does for
those in bash, the results that they read and write, and the part of the user's environment that they
repair."""
import argparse
import csv
import os
import random
import re
import subprocess
import sys
import time
from pathlib import Path


def distance(one, other):
    """How many characters to insert, remove or change."""
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        diagonal, row[0] = row[0], i
        for j, counterpart in enumerate(other, 1):
            changed = diagonal + (letter != counterpart)
            diagonal, row[j] = row[j], min(changed, row[j] + 1, row[j - 1] + 1)
    return row[-1]


def nearest(word, candidates):
    """The candidate that differs least from the word, in at most a third of its characters and rather
    not in its length, or that begins with the word; None if there is no such."""
    begun = [candidate for candidate in candidates if len(word) >= 4 and candidate.startswith(word)]
    near = [candidate for candidate in candidates if distance(word, candidate) <= len(word) / 3]
    near.sort(key=lambda candidate: (distance(word, candidate), len(word) != len(candidate)))
    return (begun + near + [None])[0]


def unknown(kind, word, known):
    """The message for a word that is not in the list."""
    meant = nearest(word, known)
    if meant:
        return f"unknown {kind} '{word}'; did you mean '{meant}'?"
    return f"unknown {kind} '{word}'; there are {', '.join(known)}"


class Parser(argparse.ArgumentParser):
    """Its help is the docstring of the script. Refuses wrong arguments in one line, with exit status 2."""

    def __init__(self, doc):
        about, _, more = doc.strip().partition("\n\n")
        super().__init__(
            description=about,
            epilog=more,
            formatter_class=argparse.RawDescriptionHelpFormatter,
            allow_abbrev=False,
        )

    def parse_args(self, args=None, namespace=None):
        args = sys.argv[1:] if args is None else args
        known = sorted(name for name in self._option_string_actions if name.startswith("--"))
        for argument in args:
            if argument == "--":
                break
            name = argument.partition("=")[0]
            if re.match("--|-[A-Za-z]", name) and name not in self._option_string_actions:
                self.error(unknown("option", name, known))
        return super().parse_args(args, namespace)

    def error(self, message):
        print(f"{self.prog}: {message}", file=sys.stderr)
        sys.exit(2)


def drop_missing_preloads():
    """The loader warned of a library in LD_PRELOAD that it cannot load when this script began. It would
    warn again for every program that the script calls, so such libraries are left out."""

    def loads(library):
        tried = subprocess.run(
            ["true"],
            env={**os.environ, "LD_PRELOAD": library},
            stderr=subprocess.PIPE,
            check=False,
        )
        return b"cannot be preloaded" not in tried.stderr

    libraries = re.split("[: ]+", os.environ.get("LD_PRELOAD", "").strip(": "))
    kept = [library for library in libraries if library and loads(library)]
    if kept:
        os.environ["LD_PRELOAD"] = " ".join(kept)
    else:
        os.environ.pop("LD_PRELOAD", None)


# -- results -------------------------------------------------------------------------------------

# Files and programs are read as UTF-8 in any locale; a path in them may be any bytes.
TEXT = {"encoding": "utf-8", "errors": "surrogateescape"}


def read_rows(file):
    with open(file, newline="", **TEXT) as rows:
        return list(csv.DictReader(rows))


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
