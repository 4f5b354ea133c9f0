"""Peers of notifications on loopback: a webhook, a mail server, and a command that writes down its message."""

from __future__ import annotations

import json
import socket
import socketserver
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any


def free_port() -> int:
    """A port of this machine nobody listens at."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@dataclass
class Webhook:
    """What was posted to it; `answer` is its status, and while `gate` is shut no answer comes."""

    port: int
    got: list[dict[str, Any]] = field(default_factory=list)
    answer: int = 200
    gate: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        """Its apprise URL."""
        return f"json://127.0.0.1:{self.port}/hook?cto=10&rto=20"

    @property
    def titles(self) -> list[str]:
        """The titles, in the order they came."""
        return [str(one["title"]) for one in self.got]


@contextmanager
def webhook(port: int = 0) -> Iterator[Webhook]:
    """A webhook that listens until the block ends."""
    made = Webhook(port)
    made.gate.set()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            made.got.append(json.loads(body))
            made.gate.wait(5)
            self.send_response(made.answer)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Nothing on stderr."""

    class Server(HTTPServer):
        def handle_error(self, request: object, client_address: object) -> None:
            """A client that went away is no matter."""

    with Server(("127.0.0.1", port), Handler) as server:
        made.port = server.server_port
        thread = threading.Thread(target=lambda: server.serve_forever(0.02), daemon=True)
        thread.start()
        try:
            yield made
        finally:
            made.gate.set()
            server.shutdown()
            thread.join(5)


@contextmanager
def mail_server() -> Iterator[tuple[int, list[str]]]:
    """An SMTP server (RFC 5321, as little as a client needs) and the mails it took."""
    mails: list[str] = []

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.wfile.write(b"220 test\r\n")
            while line := self.rfile.readline():
                word = line.split()[0].upper() if line.split() else b""
                if word == b"DATA":
                    self.wfile.write(b"354 go on\r\n")
                    text = b""
                    while (part := self.rfile.readline()) not in (b".\r\n", b""):
                        text += part
                    mails.append(text.decode())
                self.wfile.write(b"221 bye\r\n" if word == b"QUIT" else b"250 ok\r\n")
                if word == b"QUIT":
                    return

    with socketserver.TCPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=lambda: server.serve_forever(0.02), daemon=True)
        thread.start()
        try:
            yield int(server.server_address[1]), mails
        finally:
            server.shutdown()
            thread.join(5)


def command_that_writes(folder: Path, code: int = 0, wait_s: float = 0.0) -> tuple[str, ...]:
    """A command that appends its text and its fields to `told.jsonl` in the folder, and ends with that code."""
    program = folder / "tell.py"
    program.write_text(
        "import json, os, sys, time\n"
        f"time.sleep({wait_s})\n"
        "fields = {name: value for name, value in os.environ.items() if name.startswith('DUTYROOM_')}\n"
        f"with open({str(folder / 'told.jsonl')!r}, 'a', encoding='utf-8') as told:\n"
        "    told.write(json.dumps([sys.stdin.buffer.read().decode('utf-8'), fields, sys.argv[1:]]) + '\\n')\n"
        f"print('no pager here', file=sys.stderr)\nsys.exit({code})\n",
        encoding="utf-8",
    )
    return (sys.executable, "-S", "-E", str(program), "--urgent; rm -rf /")


def told_by_command(folder: Path) -> list[tuple[str, dict[str, str], list[str]]]:
    """What the command was given, each time."""
    file = folder / "told.jsonl"
    lines = file.read_text("utf-8").splitlines() if file.exists() else []
    return [(text, fields, given) for text, fields, given in map(json.loads, lines)]
