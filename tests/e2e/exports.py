#!/usr/bin/python3
"""exports.py - checks that the exports of bench have the formats that other programs read.

    tests/e2e/exports.py PROGRAM RUNS

Needs python3-jsonschema. Validates JSON against docs/schema. Checks the golden files of
tests/unit/test_export.c as well as the exports of RUNS by PROGRAM.
"""

import csv
import json
import math
import re
import subprocess
import sys
import xml.etree.ElementTree
from pathlib import Path
from statistics import mean, median, stdev

import jsonschema

root = Path(__file__).resolve().parents[2]
golden = root / "tests/golden/export"
program, runs = sys.argv[1:]


def exported(form):
    command = [program, "summary", "--format", form, runs]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def strict(schema):
    """The same schema with no keys but those that it knows: all must be documented."""
    if isinstance(schema, list):
        return [strict(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    schema = {key: strict(part) for key, part in schema.items()}
    if "properties" in schema and schema.get("type") == "object":
        schema.setdefault("additionalProperties", False)
    return schema


def validator(name):
    schema = json.loads((root / f"docs/schema/{name}.schema.json").read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(strict(schema))


def check_schemas():
    validator("summary").validate(json.loads(exported("json")))
    for name in ["summary.json", "rates.json"]:
        validator("summary").validate(json.loads((golden / name).read_text()))
    for name in ["hard.json", "same.json"]:
        validator("compare").validate(json.loads((golden / name).read_text()))


def check_hyperfine():
    """Every field of BenchmarkResult of hyperfine 1.20, with the figures of runs.csv."""
    cells = {}
    with open(Path(runs) / "runs.csv", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row["status"] == "valid":
                cells.setdefault(f"{row['strategy']} {row['level']}", []).append(row)
    results = json.loads(exported("hyperfine"))["results"]
    assert {result["command"] for result in results} == set(cells)
    for result in results:
        rows = cells[result["command"]]
        times = [float(row["cost_s"]) for row in rows]
        assert result["times"] == times
        assert result["exit_codes"] == [0] * len(times)
        assert result["memory_usage_byte"] == [int(row["peak_rss_bytes"]) for row in rows]
        assert result["parameters"] == {"strategy": rows[0]["strategy"], "level": rows[0]["level"]}
        for key, value in {
            "mean": mean(times),
            "median": median(times),
            "min": min(times),
            "max": max(times),
            "user": mean(float(row["user_s"]) for row in rows),
            "system": mean(float(row["system_s"]) for row in rows),
        }.items():
            assert math.isclose(result[key], value, rel_tol=1e-9), (result["command"], key)
        if len(times) > 1:
            assert math.isclose(result["stddev"], stdev(times), rel_tol=1e-6)
        else:
            assert result["stddev"] is None


def check_github():
    """What the custom tools of github-action-benchmark take for a result."""
    for text in [exported("github"), (golden / "github.json").read_text()]:
        values = json.loads(text)
        assert values and len({value["name"] for value in values}) == len(values)
        for value in values:
            assert set(value) <= {"name", "unit", "value", "range", "extra"}
            assert all(isinstance(value[key], str) and value[key] for key in ["name", "unit"])
            assert isinstance(value["value"], float) and value["value"] > 0
            assert re.fullmatch(r"\u00b1 \d+(\.\d+)?", value.get("range", "\u00b1 0"))


def check_markdown():
    rows = [line for line in exported("markdown").splitlines() if line.startswith("|")]
    assert len(rows) == 2 + len(json.loads(exported("json"))["cells"])
    assert len({len(re.findall(r"(?<!\\)\|", row)) for row in rows}) == 1


def check_junit():
    for path in golden.glob("*.xml"):
        suite = xml.etree.ElementTree.parse(path).getroot()[0]
        for counter, element in [("tests", "testcase"), ("failures", "testcase/failure"),
                                 ("errors", "testcase/error"), ("skipped", "testcase/skipped")]:
            assert int(suite.get(counter)) == len(suite.findall(element)), (path, counter)
        names = [(case.get("classname"), case.get("name")) for case in suite.iter("testcase")]
        assert len(set(names)) == len(names), path


for check in [check_schemas, check_hyperfine, check_github, check_markdown, check_junit]:
    check()
print("exports: JSON, hyperfine, github-action-benchmark, Markdown and JUnit as they are read")
