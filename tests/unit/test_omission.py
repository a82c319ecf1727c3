#!/usr/bin/python3
"""test_omission.py - the table of scripts/omission, from rows made here."""
import contextlib
import csv
import io
import sys
import tempfile
import unittest
from pathlib import Path
from unittest import mock

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "scripts"))
import omission_table


def write(file, rows):
    with open(file, "w", newline="", encoding="utf-8") as out:
        writer = csv.DictWriter(out, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


class Table(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.directory = scratch.name

    def table(self, **more):
        """The lines of the table, and the exit status. Of 200 requests, three are over 100 ms late and begin
        when a place is free; all take 10 ms."""
        run = {"rate_rps": "900", "level": "20", "status": "valid", "reason": "", "notes": "stopped"}
        run |= dict.fromkeys(omission_table.SHARES, "10000.0") | {"latency_p999_us": ""} | more
        requests = []
        for i in range(200):
            late = 150e3 if i < 3 else 0
            stamps = {"due_us": i, "begin_us": i + late, "end_us": i + late + 10e3}
            requests.append(stamps | {"outcome": "ok"})
        requests.append({"due_us": 0, "begin_us": 0, "end_us": "", "outcome": "unfinished"})
        write(Path(self.directory) / "runs.csv", [run])
        write(Path(self.directory) / "requests.csv", requests)
        printed = io.StringIO()
        with mock.patch.object(sys, "argv", ["omission_table.py", self.directory]):
            with contextlib.redirect_stdout(printed), self.assertRaises(SystemExit) as end:
                omission_table.main()
        return printed.getvalue().splitlines()[2:], end.exception.code

    def test_open(self):
        expected = "| open: 900/s, at most 20 in flight | 200 | 10.0 | 10.0 | 10.0 |  | 160.0 | 1.50 % | stopped |"
        self.assertEqual(self.table(), ([expected], 0))

    def test_closed(self):
        expected = "| closed: 20 in flight | 200 | 10.0 | 10.0 | 10.0 |  | 10.0 | 0.00 % |  |"
        self.assertEqual(self.table(rate_rps="", notes=""), ([expected], 0))

    def test_timed_from_begin(self):
        lines, status = self.table(notes="stopped rate-not-held", latency_p99_us="160000.0")
        self.assertEqual(status, 0)
        self.assertIn("| 160.0 |  | 160.0 | 1.50 % | stopped rate-not-held |", lines[0])
        expected = "| the same requests, timed from their begin | 200 | 10.0 | 10.0 | 10.0 |  | 10.0 | 0.00 % |  |"
        self.assertEqual(lines[1:], [expected])

    def test_not_valid(self):
        lines, status = self.table(status="invalid", reason="the kernel counted 1 TCP timeouts")
        self.assertEqual(status, 1)
        self.assertIn("| invalid: the kernel counted 1 TCP timeouts |", lines[0])


if __name__ == "__main__":
    unittest.main()
