#!/usr/bin/env python3
"""Asks a running Jetbridge for pages at a fixed rate and tells how long they took.

    python3 bench/load.py --base http://127.0.0.1:8080 --email admin@example.com --password … --rate 50 --seconds 30

Pages: the list, the list filtered with its count, a search, a customer. Requests are sent on time whether or not
earlier ones have been answered (open loop), and a late start counts as waiting. Standard library only.
"""
import argparse
import concurrent.futures
import http.client
import random
import re
import threading
import time
import urllib.parse

ask = argparse.ArgumentParser(description=__doc__)
ask.add_argument("--base", default="http://127.0.0.1:8080")
ask.add_argument("--email", default="admin@example.com")
ask.add_argument("--password", required=True)
ask.add_argument("--rate", type=float, default=50)
ask.add_argument("--seconds", type=float, default=30)
told = ask.parse_args()
host = urllib.parse.urlsplit(told.base).netloc
mine = threading.local()


def call(verb, path, form=None, headers=None):
    """One request over this thread's connection."""
    body = urllib.parse.urlencode(form) if form is not None else None
    headers = dict(headers or {})
    if body is not None:
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    for attempt in (1, 2):
        if getattr(mine, "line", None) is None:
            mine.line = http.client.HTTPConnection(host, timeout=30)
        try:
            mine.line.request(verb, path, body, headers)
            answer = mine.line.getresponse()
            return answer.status, answer.getheaders(), answer.read().decode("utf-8", "replace")
        except (http.client.HTTPException, OSError):
            mine.line = None
            if attempt == 2:
                raise


status, headers, _ = call("POST", "/sign-in", {"email": told.email, "password": told.password, "next": "/"},
                          {"Origin": told.base})
session = next((v.split(";")[0] for k, v in headers if k.lower() == "set-cookie" and v.startswith("jb_session")), None)
if status != 303 or session is None:
    raise SystemExit(f"sign-in failed with {status}")
WHO = {"Cookie": session, "Origin": told.base}
_, _, page = call("GET", "/customers", headers=WHO)
token = re.search(r'name="csrf-token" content="([^"]+)"', page).group(1)
people = sorted(set(re.findall(r'/customers/[0-9a-f-]{36}(?=")', page)))
cursor = re.search(r'href="(/customers\?[^"]*after=[^"]+)"', page)
for _ in range(20):
    if not cursor:
        break
    _, _, page = call("GET", cursor.group(1).replace("&amp;", "&"), headers=WHO)
    people += re.findall(r'/customers/[0-9a-f-]{36}(?=")', page)
    cursor = re.search(r'href="(/customers\?[^"]*after=[^"]+)"', page)
people = sorted(set(people))
SEARCHES = ["王启明", "wang qi", "zhoum", "60000012", "欧阳", "19900123", "Chen Hao", "lyn"]
KINDS = {
    "list": lambda: ("GET", "/customers", None),
    "filter": lambda: ("GET", f"/customers?f=tier:in:gold%3Bkm:gte:{random.randrange(1, 90) * 1000}", None),
    "search": lambda: ("POST", "/search/hits", {"q": random.choice(SEARCHES)}),
    "customer": lambda: ("GET", random.choice(people), None),
}
times = {kind: [] for kind in KINDS}
wrong = {}


def one(kind, due):
    verb, path, form = KINDS[kind]()
    status, _, _ = call(verb, path, form, {**WHO, "X-CSRF-Token": token})
    times[kind].append(time.perf_counter() - due)
    if status != 200:
        wrong[(kind, status)] = wrong.get((kind, status), 0) + 1


with concurrent.futures.ThreadPoolExecutor(64) as pool:
    begin = time.perf_counter()
    for n in range(int(told.rate * told.seconds)):
        due = begin + n / told.rate
        time.sleep(max(0.0, due - time.perf_counter()))
        pool.submit(one, list(KINDS)[n % len(KINDS)], due)
print(f"{len(people)} customers in turn, {told.rate:g} requests/s for {told.seconds:g} s")
print(f"{'page':10} {'requests':>8} {'p50 ms':>8} {'p95 ms':>8} {'p99 ms':>8}")
for kind, all_of in times.items():
    all_of.sort()
    at = lambda share: 1000 * all_of[min(len(all_of) - 1, int(share * len(all_of)))] if all_of else 0
    print(f"{kind:10} {len(all_of):8} {at(.5):8.1f} {at(.95):8.1f} {at(.99):8.1f}")
for (kind, status), count in wrong.items():
    print(f"{kind}: {count} × {status}")
