"""What stands in for ngrok's agent? A program that takes its words, speaks its local API and lets requests through.

Started as `fake_ngrok.py PLAN start --none --log stdout --config FILE`. PLAN is a file of JSON, read anew whenever it
matters: what the account refuses, which public addresses there are, what the edge says instead of the server.
"""

import http.client
import http.server
import json
import os
import re
import signal
import sys
import threading
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

PLAN = Path(sys.argv[1])
ERROR_PAGE = "<!DOCTYPE html><html><body>{}</body></html>"


def plan() -> dict[str, Any]:
    """What the test wants of ngrok's side, now."""
    return dict(json.loads(PLAN.read_text()))


def log(level: str, message: str, **fields: str) -> None:
    """A line as ngrok writes it with `--log stdout`."""
    words = "".join(f" {name}={json.dumps(value)}" for name, value in fields.items())
    print(f't=2026-01-05T10:00:00-0300 lvl={level} msg="{message}"{words}', flush=True)


def refuse(text: str) -> None:
    """End as ngrok does where its servers refuse the session."""
    log("eror", "terminating with error", obj="app", err=f"authentication failed: {text}")
    log("crit", "command failed", err=f"authentication failed: {text}")
    print(f"ERROR:  authentication failed: {text}", file=sys.stderr, flush=True)
    sys.exit(1)


class Edge(http.server.BaseHTTPRequestHandler):
    """A public address: passes a request on to what the tunnel leads to, or shows ngrok's page of an error."""

    def do_GET(self) -> None:
        """Pass it on."""
        code = plan().get("edge_error")
        if code:
            return self._error(code)
        upstream = urlsplit(self.server.leads_to)
        connection = http.client.HTTPConnection(str(upstream.hostname), upstream.port, timeout=5)
        try:
            connection.request("GET", self.path, headers={"X-Forwarded-For": "203.0.113.9"})
            answer = connection.getresponse()
            return self._answer(answer.status, answer.read(), **{"Content-Type": answer.headers["Content-Type"] or ""})
        except OSError:
            return self._error("ERR_NGROK_8012")
        finally:
            connection.close()

    def _error(self, code: str) -> None:
        body = ERROR_PAGE.format(code).encode()
        self._answer(404 if code == "ERR_NGROK_3200" else 502, body, **{"Ngrok-Error-Code": code})

    def _answer(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_words: Any) -> None:
        """Say nothing."""


class Public(http.server.ThreadingHTTPServer):
    """One public address."""

    daemon_threads = True

    def __init__(self, port: int, leads_to: str) -> None:
        super().__init__(("127.0.0.1", port), Edge)
        self.leads_to = leads_to


TUNNELS: dict[str, tuple[Public, dict[str, Any]]] = {}


class Api(http.server.BaseHTTPRequestHandler):
    """The agent's local API, as https://ngrok.com/docs/agent/api tells it."""

    def do_GET(self) -> None:
        """List, or the agent's status."""
        if self.path == "/api/tunnels":
            return self._json(200, {"tunnels": [told for _, told in TUNNELS.values()], "uri": "/api/tunnels"})
        return self._json(404, {"error_code": 100, "status_code": 404, "msg": "not found", "details": {}})

    def do_POST(self) -> None:
        """Open a tunnel."""
        wanted = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        refusal = plan().get("tunnel_error")
        unknown = set(wanted) - {"name", "proto", "addr", "schemes", "inspect", "domain"}
        if refusal or unknown:
            details = {
                "err": refusal or f"yaml: unmarshal errors: field {unknown} not found in type config.HTTPv2Tunnel"
            }
            told = {"error_code": 103, "status_code": 502, "msg": "failed to start tunnel", "details": details}
            return self._json(502 if refusal else 400, told)
        domain = wanted.get("domain") or f"127.0.0.1:{plan()['ports'][len(list(PLAN.parent.glob('opened.*')))]}"
        (PLAN.parent / f"opened.{time.monotonic_ns()}").write_text(json.dumps(wanted))
        public = Public(urlsplit(f"//{domain}").port or 0, wanted["addr"])
        threading.Thread(target=public.serve_forever, daemon=True).start()
        told = {
            "name": wanted["name"],
            "ID": "b9fca4a4",
            "uri": f"/api/tunnels/{wanted['name']}",
            "public_url": f"http://{domain}",
            "proto": "https",
            "config": {"addr": wanted["addr"], "inspect": wanted["inspect"]},
            "metrics": {"conns": {"count": 0}, "http": {"count": 0}},
        }
        TUNNELS[wanted["name"]] = public, told
        return self._json(201, told)

    def do_DELETE(self) -> None:
        """Close a tunnel."""
        public, _ = TUNNELS.pop(self.path.rpartition("/")[2])
        public.shutdown()
        public.server_close()
        self.send_response(204)
        self.end_headers()

    def _json(self, status: int, told: Any) -> None:
        body = json.dumps(told).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_words: Any) -> None:
        """Say nothing."""


def connect(config: str) -> None:
    """Establish the session, or say why there is none."""
    token = re.search(r'^authtoken: "?([^"\n]+)', config, re.MULTILINE)
    if plan().get("no_network"):
        while True:
            why = "failed to dial ngrok server: dial tcp: lookup connect.ngrok-agent.com: no such host"
            log("eror", "failed to reconnect session", obj="tunnels.session", err=why)
            time.sleep(0.2)
    if token is None:
        refuse("Usage of ngrok requires a verified account and authtoken.\r\n\r\nERR_NGROK_4018\r\n")
    elif token.group(1) != plan()["token"]:
        why = "The authtoken you specified is properly formed, but it is invalid.\nYour authtoken: "
        refuse(f"{why}{token.group(1)}\r\n\r\nERR_NGROK_107\r\n")
    if plan().get("session_error"):
        refuse(plan()["session_error"])
    log("info", "client session established", obj="tunnels.session")
    log("info", "tunnel session started", obj="tunnels.session")


def main() -> None:
    """Run until SIGTERM, and leave a file that says that it ended in order."""
    (PLAN.parent / "seen.json").write_text(json.dumps({"argv": sys.argv, "env": dict(os.environ), "pid": os.getpid()}))
    config = Path(sys.argv[sys.argv.index("--config") + 1]).read_text()
    address = re.search(r'^web_addr: "?([^"\n]+)', config, re.MULTILINE)
    host, _, port = (address.group(1) if address else "127.0.0.1:4040").partition(":")
    try:
        api = http.server.ThreadingHTTPServer((host, int(port)), Api)
    except OSError:
        log("crit", "command failed", err=f"listen tcp {host}:{port}: bind: address already in use")
        sys.exit(1)
    threading.Thread(target=api.serve_forever, daemon=True).start()
    log("info", "starting web service", obj="web", addr=f"{host}:{port}")
    connect(config)
    done = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: done.set())
    done.wait()
    (PLAN.parent / "ended").write_text("in order")


if __name__ == "__main__":
    main()
