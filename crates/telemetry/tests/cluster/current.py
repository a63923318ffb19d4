"""The newest ClickHouse engine as a server for the tests of a cluster: `chdb`, which is the engine as a library, behind the part of the HTTP interface
that our client speaks. `cargo xtask clickhouse-current` brings the package and runs the tests on it.

    current.py PORT FOLDER PASSWORD [STATEMENTS]

Everything is the engine's own but the transport: it parses the very statements and rows that a server would get, keeps them in FOLDER, and finds them
there again after it was killed. What every statement looked like, values left out, is added to the file STATEMENTS.
"""

import base64
import re
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

from chdb import session

PORT, FOLDER, PASSWORD = int(sys.argv[1]), sys.argv[2], sys.argv[3]
STATEMENTS = sys.argv[4] if len(sys.argv) > 4 else None
ENTRANCE = "Basic " + base64.b64encode(f"default:{PASSWORD}".encode()).decode()
VALUES = re.compile(r"'(?:[^'\\]|\\.)*'|(?<![A-Za-z_0-9])-?\d+")
LISTS = re.compile(r"\(\?(?:, \?)+\)")
# Settings of the transport: the answer is always whole here.
TRANSPORT = {"database", "query", "wait_end_of_query"}

databases = {}
opening = threading.Lock()


class Database:
    """One session of the engine in one database; statements take turns."""

    def __init__(self, name):
        self.turn = threading.Lock()
        self.session = session.Session(FOLDER)
        self.session.query(f"USE {name}")

    def run(self, statement, rows, settings):
        with self.turn:
            for name, value in settings.items():
                self.session.query(f"SET {name} = {int(value)}")
            if rows is None:
                return self.session.query(statement, "TabSeparated").bytes()
            into, form = statement.rsplit(" FORMAT ", 1)
            with self.session.send_insert(into, form) as insert:
                insert.append(rows)
                insert.finish()
            return b""


def database(name):
    with opening:
        if name not in databases:
            databases[name] = Database(name)
        return databases[name]


def noted(statement):
    if STATEMENTS:
        shape = LISTS.sub("(?)", VALUES.sub("?", " ".join(statement.split())))
        with open(STATEMENTS, "a", encoding="utf-8") as file:
            file.write(shape + "\n")


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Head and body of an answer are one write, so that neither waits for the other.
    wbufsize = -1

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        parameters = dict(parse_qsl(urlsplit(self.path).query))
        if self.headers.get("authorization") != ENTRANCE:
            return self.answer(403, b"Code: 516. DB::Exception: Authentication failed")
        # Rows are the body when the statement stands in the address.
        statement, rows = (parameters["query"], body) if "query" in parameters else (body.decode(), None)
        settings = {name: value for name, value in parameters.items() if name not in TRANSPORT}
        try:
            answer = database(parameters["database"]).run(statement, rows, settings)
        except Exception as error:
            return self.answer(500, str(error).encode())
        noted(statement)
        return self.answer(200, answer)

    def answer(self, status, body):
        self.send_response(status)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()

    def log_message(self, *_):
        pass


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64


if __name__ == "__main__":
    # The engine stands before anybody is heard.
    database("default")
    Server(("127.0.0.1", PORT), Handler).serve_forever()
