"""The origin that is fetched from: a `bench serve` started here, or one that runs elsewhere."""
import json
import os
import random
import re
import ssl
import subprocess
import tempfile
import urllib.request
from pathlib import Path

import rows
from pages import COUNT, describe, path


class Origin:
    """One that runs already, at a base address such as http://127.0.0.1:8080."""

    def __init__(self, base_url, authority=None):
        self.base_url = base_url.rstrip("/")
        self.authority = authority

    def read(self, page):
        # No proxy, even if the environment names one.
        trust = ssl.create_default_context(cafile=self.authority) if self.authority else None
        handlers = [urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=trust)]
        with urllib.request.build_opener(*handlers).open(
            self.base_url + page, timeout=10
        ) as response:
            return response.read()

    def stats(self):
        """The origin's counts; None if the server does not report any."""
        try:
            return json.loads(self.read("/stats"))
        except (OSError, ValueError):
            return None

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        pass


class OwnOrigin(Origin):
    """A fresh process at a random loopback address: connections that an earlier origin left in
    TIME_WAIT do not slow it down."""

    def __init__(self, bench, delay, tls=False, cpus=None):
        address = "127.{}.{}.{}".format(
            *(random.SystemRandom().randrange(1, 255) for _ in range(3))
        )
        command = ["taskset", "--cpu-list", cpus] if cpus else []
        command += [bench, "serve", "--address", address, "--delay", delay]
        self.files = tempfile.TemporaryDirectory()
        if tls:
            authority = os.path.join(self.files.name, "ca.pem")
            command += ["--tls", "--tls-ca", authority]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, **rows.TEXT)
        line = self.process.stdout.readline()
        found = re.search(r"https?://[\d.:]+", line)
        if not found:
            self.process.kill()
            raise RuntimeError(f"bench serve does not listen: {line}")
        super().__init__(found.group(), authority if tls else None)

    def __exit__(self, *_error):
        self.process.terminate()
        self.process.wait()
        self.process.stdout.close()
        self.files.cleanup()


def write_known_pages(bench, file):
    """Lengths and checksums of all pages, from an origin without a delay."""
    with OwnOrigin(bench, "0") as origin:
        known = {path(number): describe(origin.read(path(number))) for number in range(COUNT)}
    Path(file).write_text(json.dumps(known), encoding="utf-8")
