"""The emulator over HTTP, on this machine only."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from kinfold.outside.demographic_service.emulator.service import BASE_PATH, TOKEN_PATH, Answered, Emulator

_LONGEST_BODY = 100_000


@contextmanager
def running(emulator: Emulator, port: int = 0) -> Iterator[str]:
    """Serve the emulator on this machine and give its address; port 0 takes any that is free."""
    server = ThreadingHTTPServer(("127.0.0.1", port), _handler(emulator))
    server.daemon_threads = True
    emulator.host = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield emulator.host
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def addresses(host: str) -> tuple[str, str]:
    """Return (the service's base address, the address for tokens) of an emulator at `host`."""
    return f"{host}{BASE_PATH}", f"{host}{TOKEN_PATH}"


def _handler(emulator: Emulator) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            length = min(int(self.headers.get("Content-Length") or 0), _LONGEST_BODY)
            headers = {name.lower(): value for name, value in self.headers.items()}
            reply = emulator.answer(self.command, self.path, headers, self.rfile.read(length))
            time.sleep(emulator.knobs.latency)
            if reply.dropped:
                self.close_connection = True
                return
            # whoever asked may have given up meanwhile, which is theirs to do
            with suppress(ConnectionError):
                self._write(reply)

        def _write(self, reply: Answered) -> None:
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(reply.body)))
            self.end_headers()
            self.wfile.write(reply.body[: len(reply.body) // 2] if reply.half else reply.body)
            self.close_connection |= reply.half

        do_GET = do_POST = _answer

        def log_message(self, format: str, *args: object) -> None:
            """Write no log: a question has a child's name in it."""

    return Handler
