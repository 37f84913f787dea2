#!/usr/bin/env python3
"""Measures the service with wrk on loopback: python3 bench/service/run.py [seconds [ended]].

Needs wrk (apt-get install wrk) and a release build; makes a demonstration bank of its own below
TMPDIR and removes it. With a number of ended matters, so many stand in its lists (5 million take
6 GB and some five minutes). Prints requests a second, the 99th percentile and errors of each, and
with pages and Chromium there, how long turning a page of the ended matters takes in a browser.
"""

import http.client
import json
import os
import pathlib
import shutil
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
TARGET = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
PIAOHAO = TARGET / "release" / "piaohao"
SECONDS = sys.argv[1] if len(sys.argv) > 1 else "8"
ENDED = int(sys.argv[2]) if len(sys.argv) > 2 else 0
PASSWORD = "Piaohao-2026"


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


class Client:
    def __init__(self, port):
        self.port, self.headers = port, {"Content-Type": "application/json"}

    def ask(self, method, path, body=None):
        link = http.client.HTTPConnection("127.0.0.1", self.port)
        link.request(method, f"/api/v1{path}", json.dumps(body) if body is not None else None, self.headers)
        answer = link.getresponse()
        text = answer.read()
        if answer.status >= 400:
            sys.exit(f"{method} {path}: {answer.status} {text.decode()}")
        cookie = answer.getheader("Set-Cookie")
        if cookie:
            self.headers["Cookie"] = cookie.split(";")[0]
        return json.loads(text) if text else None

    def sign_in(self, operator):
        session = self.ask("POST", "/session", {"operator": operator, "password": PASSWORD})
        self.headers["X-CSRF-Token"] = session["csrf"]
        return self


def wrk(port, script, connections, **environment):
    environment = {**os.environ, **environment}
    command = ["wrk", "-t2", f"-c{connections}", f"-d{SECONDS}s", "-s", str(HERE / script), f"http://127.0.0.1:{port}"]
    out = subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout
    line = next(line for line in out.splitlines() if line.startswith("RESULT"))
    _, rate, p99, errors = line.split()
    return int(rate), float(p99), int(errors)


def bulk(port, token, accounts, count):
    """Streams NDJSON from memory; the clock starts with the first byte and ends with the summary."""
    lines = []
    for at in range(count):
        one, other = accounts[at * 7919 % len(accounts)], accounts[(at * 6007 + 1) % len(accounts)]
        if one == other:
            other = accounts[(at + 1) % len(accounts)]
        lines.append(
            f'{{"key":"bulk-{at}","institution":"0000","maker":"ren","summary":"转账","lines":['
            f'{{"account":"{one}","side":"debit","amount":"0.01"}},'
            f'{{"account":"{other}","side":"credit","amount":"0.01"}}]}}\n'
        )
    body = "".join(lines).encode()
    link = http.client.HTTPConnection("127.0.0.1", port)
    began = time.monotonic()
    headers = {"Content-Type": "application/x-ndjson", "Authorization": f"Bearer {token}"}
    link.request("POST", "/api/v1/entries/bulk", body, headers)
    answer = link.getresponse().read().decode().splitlines()
    took = time.monotonic() - began
    return json.loads(answer[-1]), count / took


def main():
    folder = pathlib.Path(tempfile.mkdtemp(prefix="piaohao-service-"))
    home, port = folder / "home", free_port()
    demo = ["demo", "--data", str(ROOT / "testdata/amlsim/20K_cycle200"), "--home", str(home), "--days", "2", "--quiet"]
    subprocess.run([PIAOHAO, *demo], check=True, stdout=subprocess.DEVNULL)
    # All of the load comes from one address, which is as often as it can.
    with open(home / "piaohao.toml", "a") as settings:
        settings.write("\n[serve.limits]\nrate = 0\n")
    if ENDED:
        end(home / "books.db")
    with open(folder / "log", "wb") as log:
        serve = [PIAOHAO, "--home", str(home), "serve", "--listen", f"127.0.0.1:{port}"]
        service = subprocess.Popen(serve, stdout=log, stderr=log)
    try:
        measure(port, folder)
    finally:
        service.terminate()
        service.wait(30)
        shutil.rmtree(folder)


def end(books):
    """Repeats the matters that have ended until there are enough, under ids and numbers of their own."""
    store = sqlite3.connect(books)
    store.create_function("number", 2, lambda number, id: f"{number}/{id}")
    columns = "institution, opened, ended, state, opener, body"
    (bank, some) = store.execute("select max(bank_id), count(*) from record").fetchone()
    store.execute(f"create temp table one as select row_number() over () - 1 as at, code, number, {columns} from record")
    store.execute("create unique index temp.one_at on one (at)")
    for first in range(0, ENDED, 100_000):
        store.execute(
            f"""with recursive id (id) as (select ?1 union all select id + 1 from id where id + 1 < ?2)
            insert into record (id, code, number, {columns})
            select (?3 << 40) + 1000000 + id.id, code, number(number, id.id), {columns}
            from id join one on one.at = id.id % ?4""",
            (first, min(first + 100_000, ENDED), bank, some),
        )
        store.commit()
    store.close()


def turn(port):
    """Median and longest time of a turn, and the longest stop of the page; None without a browser."""
    if not shutil.which(os.environ.get("CHROMIUM", "chromium")) or not (ROOT / "ui/node_modules").exists():
        return None
    command = ["node", str(HERE / "turn.mjs"), f"http://127.0.0.1:{port}", "zong", PASSWORD]
    out = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return out.split()[1:]


def measure(port, folder):
    deadline = time.monotonic() + 30
    while True:
        try:
            http.client.HTTPConnection("127.0.0.1", port).request("GET", "/ready")
            break
        except OSError:
            if time.monotonic() > deadline:
                sys.exit("the service does not answer")
            time.sleep(0.05)
    access = Client(port).sign_in("qu")
    issue = lambda operator, *scopes: access.ask(
        "POST", "/tokens", {"name": f"bench-{operator}", "operator": operator, "scopes": list(scopes)}
    )["token"]
    poster = issue("ren", "entries.post", "accounts.read", "matters")
    teller = issue("hua", "matters")
    head = issue("zong", "matters.read_all")
    reader = Client(port)
    reader.headers["Authorization"] = f"Bearer {poster}"
    accounts, cursor = [], None
    while True:
        page = reader.ask("GET", "/accounts?limit=500&kind=personal_current_overdraft" + (f"&cursor={cursor}" if cursor else ""))
        accounts += [one["number"] for one in page["accounts"]]
        cursor = page["cursor"]
        if not cursor or len(accounts) >= 10_000:
            break
    (folder / "accounts").write_text("\n".join(accounts) + "\n")
    numbers = str(folder / "accounts")
    rows = []
    rows.append(("GET /health, 64", *wrk(port, "get.lua", 64, TOKEN="-", TARGET="/health")))
    rows.append(("GET account, 64", *wrk(port, "get.lua", 64, TOKEN=poster, TARGET="/api/v1/accounts/", ACCOUNTS=numbers)))
    rows.append(("POST entry, 64", *wrk(port, "entry.lua", 64, TOKEN=poster, ACCOUNTS=numbers, RUN="a", INSTITUTION="0000")))
    body = json.dumps({"code": "CASH-020", "institution": "0000", "fields": {"from": "0000/vault", "to": "0101/branch", "notes": "100:100"}})
    rows.append(("POST matter, 64", *wrk(port, "open.lua", 64, TOKEN=teller, RUN="m", BODY=body)))
    rows.append(("GET open matters, 8", *wrk(port, "get.lua", 8, TOKEN=head, TARGET="/api/v1/matters?limit=50")))
    rows.append(("GET ended matters, 8", *wrk(port, "get.lua", 8, TOKEN=head, TARGET="/api/v1/matters?state=ended&limit=50")))
    ended = "/api/v1/matters?state=ended&limit=50"
    for more in ("&code=CASH-001", "&institution=0101", "&opener=hua", "&at=done", "&from=2026-01-06&until=2026-01-06"):
        rows.append((f"the same, {more[1:].split('=')[0]}, 8", *wrk(port, "get.lua", 8, TOKEN=head, TARGET=ended + more)))
    summary, rate = bulk(port, poster, accounts, 600_000)
    print(f"{'what':24}{'a second':>12}{'p99 ms':>10}{'errors':>8}")
    for what, count, p99, errors in rows:
        print(f"{what:24}{count:12,}{p99:10.2f}{errors:8}")
    print(f"{'POST bulk NDJSON':24}{rate:12,.0f}{'':10}{summary['refused']:8}")
    turned = turn(port)
    if turned:
        print("a page of ended matters turned in a browser: median {} ms, longest {} ms, longest stop {} ms".format(*turned))


main()
