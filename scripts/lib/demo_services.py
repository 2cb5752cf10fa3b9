"""A few services on loopback addresses for a scan to find: two web servers, a mail and an SSH greeting."""

from __future__ import annotations

import socketserver
import threading
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer


class Page(SimpleHTTPRequestHandler):
    """One page for every path, from a server that nmap knows by its name."""

    timeout = 10

    def do_GET(self) -> None:
        body = b"<title>Tasker demo</title>"
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


class Greeter(socketserver.ThreadingTCPServer):
    """Says one line to whoever connects, reads one, and closes."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, address: tuple[str, int], line: bytes) -> None:
        self.line = line
        super().__init__(address, Greeting)


class Greeting(socketserver.StreamRequestHandler):
    timeout = 10

    def handle(self) -> None:
        try:
            self.wfile.write(self.server.line)
            self.rfile.readline(1024)
        except OSError:
            pass


#: Address and port of each, for the quickstart to ask for.
WEB = [("127.0.0.17", 18080), ("127.0.0.33", 18080)]
SSH = ("127.0.0.18", 12222)
SMTP = ("127.0.0.19", 12525)
REDIS = ("127.0.0.20", 16379)


def main() -> None:
    servers: list[socketserver.BaseServer] = [ThreadingHTTPServer(address, Page) for address in WEB]
    servers.append(Greeter(SSH, b"SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3\r\n"))
    servers.append(Greeter(SMTP, b"220 mail.tasker.test ESMTP Postfix\r\n"))
    for server in servers:
        threading.Thread(target=server.serve_forever, daemon=True).start()
    threading.Event().wait()


if __name__ == "__main__":
    main()
