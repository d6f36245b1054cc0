"""A stand-in for the engine, the site or the worker: `python up_stand_in.py NAME`."""

import os
import signal
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import urlsplit


class Healthy(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200 if self.path == "/healthz" else 404)
        self.end_headers()

    def log_message(self, *_):
        pass


def main(name):
    # The words that the worker's probe looks for in its log.
    if name == "worker":
        for queue in ("urgent", "default", "index", "batch"):
            print(f"{queue} workers are ready", flush=True)
        signal.pause()
    engine = urlsplit(os.environ["OIM_ENGINE_URL"])
    places = {
        "engine": (engine.hostname, engine.port),
        "site": (os.environ["OIM_HOST"], int(os.environ["OIM_PORT"])),
    }
    HTTPServer(places[name], Healthy).serve_forever()


if __name__ == "__main__":
    main(sys.argv[1])
