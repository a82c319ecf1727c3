#!/usr/bin/env python3
"""screen.py - what a terminal shows when a program has ended.

  screen.py COLUMNS[,LATER] COMMAND [ARGUMENT ...]

Runs the command on a pseudo-terminal of that width, which becomes LATER columns wide after
half a second, and prints its screen: long lines wrapped, and wrapped anew when it is resized.
Understands the sequences that bench writes, and shows others as they are.
"""
import fcntl
import os
import pty
import re
import struct
import sys
import termios
import time


class Screen:
    def __init__(self, columns):
        self.columns, self.lines, self.row, self.column = columns, [""], 0, 0

    def resize(self, columns):
        """As terminals do that reflow: each line becomes as many as it needs."""
        lines, row = [], 0
        for at, line in enumerate(self.lines):
            parts = [line[i:i + columns] for i in range(0, len(line), columns)] or [""]
            lines += parts
            if at == self.row:
                row = len(lines) - 1
        self.columns, self.lines, self.row = columns, lines, row
        self.column = min(self.column, len(lines[row]))

    def put(self, character):
        if self.column == self.columns:
            self.down()
            self.column = 0
        line = self.lines[self.row].ljust(self.column)
        self.lines[self.row] = line[:self.column] + character + line[self.column + 1:]
        self.column += 1

    def down(self):
        self.row += 1
        if self.row == len(self.lines):
            self.lines.append("")

    def write(self, text):
        for piece in re.findall(r"\x1b\[[0-9;]*[A-Za-z]|.", text, re.DOTALL):
            if piece == "\r":
                self.column = 0
            elif piece == "\n":
                self.down()
            elif piece == "\x1b[A":
                self.row = max(0, self.row - 1)
            elif piece == "\x1b[J":
                self.lines[self.row] = self.lines[self.row][:self.column]
                del self.lines[self.row + 1:]
            elif not re.fullmatch(r"\x1b\[\d*m", piece):
                self.put(piece)


def set_columns(descriptor, columns):
    fcntl.ioctl(descriptor, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))


def main():
    widths = [int(width) for width in sys.argv[1].split(",")]
    pid, terminal = pty.fork()
    if not pid:
        set_columns(0, widths[0])
        os.execvp(sys.argv[2], sys.argv[2:])
    screen = Screen(widths[0])
    rest = b""
    began = time.monotonic()
    while True:
        try:
            data = os.read(terminal, 4096)
        except OSError:
            break
        if not data:
            break
        # A sequence that has not come whole waits for its end.
        whole = re.search(rb"\x1b(\[[0-9;]*)?$", rest + data)
        data, rest = rest + data, whole.group() if whole else b""
        screen.write(data[:len(data) - len(rest)].decode("utf-8", "replace"))
        if len(widths) > 1 and time.monotonic() > began + 0.5:
            set_columns(terminal, widths[1])
            screen.resize(widths[1])
            widths = widths[:1]
    print("\n".join(line.rstrip() for line in screen.lines))
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


if __name__ == "__main__":
    sys.exit(main())
