#!/usr/bin/env python3
"""Feeds a simulated week through files and HTTP, kills the program in between, and grades what came of it.

    jetbridge --data-dir week/data demo --members 20000 --no-serve
    jetbridge --data-dir week/data simulate day 2026-11-09 --days 7 --flights 300 --out week/days
    python3 bench/week.py --program jetbridge --data week/data --days week/days

Every second day goes in as files by `jetbridge feed`, the others message by message over HTTP into `jetbridge serve`.
Both are killed with SIGKILL at random moments and started again, as often as --kills says for each day. What was sent
without an answer is sent again, as any sender would. At the end `jetbridge simulate grade` compares with the truth.
JETBRIDGE_FEEDS__PARTS_MINUTES shortens the wait for lists whose last parts never come.
Standard library only; everything stays on this machine.
"""
import argparse
import http.client
import os
import pathlib
import random
import re
import signal
import socket
import subprocess
import threading
import time
import urllib.parse

ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
ask.add_argument("--program", default="jetbridge")
ask.add_argument("--data", required=True)
ask.add_argument("--days", required=True)
ask.add_argument("--kills", type=int, default=4, help="times a day")
ask.add_argument("--only", choices=["files", "http"], help="one door instead of both in turn")
ask.add_argument("--email", default="admin@example.com")
ask.add_argument("--password", default="sky after rain")
ask.add_argument("--seed", type=int, default=1)
told = ask.parse_args()
chance = random.Random(told.seed)
JETBRIDGE = [told.program, "--data-dir", told.data]
PARTS_WAIT = 4  # how `feed` ends when parts of lists never came: they are applied without the rest after their time
KINDS = (".txt", ".ssim")


def peak(process):
    """Peak memory of a process in MB, 0 when it is gone."""
    try:
        text = pathlib.Path(f"/proc/{process.pid}/status").read_text()
        return int(re.search(r"VmHWM:\s+(\d+)", text).group(1)) / 1024
    except (OSError, AttributeError):
        return 0


def by_files(day):
    """`jetbridge feed DAY`, killed and repeated, then left in peace."""
    highest, killed = 0, 0
    while True:
        process = subprocess.Popen([*JETBRIDGE, "feed", str(day), "--source", "week", "--format", "json"],
                                   stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        until = time.monotonic() + chance.uniform(2, 20) if killed < told.kills else float("inf")
        while process.poll() is None and time.monotonic() < until:
            highest = max(highest, peak(process))
            time.sleep(.2)
        if process.poll() is None:
            process.send_signal(signal.SIGKILL)
            process.wait()
            killed += 1
            continue
        if process.returncode not in (0, PARTS_WAIT):
            raise SystemExit(f"feed ended with {process.returncode}")
        return killed, highest


class Server:
    """`jetbridge serve` on a port of its own; started anew whenever it is killed."""

    def __init__(self):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.highest = 0
        self.start()

    def start(self):
        self.process = subprocess.Popen([*JETBRIDGE, "serve"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                        env={**os.environ, "JETBRIDGE_SERVER__LISTEN": f"127.0.0.1:{self.port}"})
        for _ in range(600):
            try:
                if self.call("GET", "/readyz")[0] == 200:
                    return
            except OSError:
                pass
            time.sleep(.05)
        raise SystemExit("the server did not become ready")

    def kill(self):
        self.highest = max(self.highest, peak(self.process))
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self.start()

    def stop(self):
        self.highest = max(self.highest, peak(self.process))
        self.process.terminate()
        self.process.wait()

    def call(self, verb, path, body=None, headers=None, line=None):
        line = line or http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        line.request(verb, path, body, headers or {})
        answer = line.getresponse()
        return answer.status, answer.getheaders(), answer.read()

    def key(self):
        """Signs in and makes a key for the door of messages, as an administrator would on the page."""
        base = f"http://127.0.0.1:{self.port}"
        form = {"Content-Type": "application/x-www-form-urlencoded", "Origin": base}
        sent = urllib.parse.urlencode({"email": told.email, "password": told.password, "next": "/"})
        _, headers, _ = self.call("POST", "/sign-in", sent, form)
        session = next(v.split(";")[0] for k, v in headers if k.lower() == "set-cookie" and v.startswith("jb_session"))
        who = {**form, "Cookie": session}
        page = self.call("GET", "/admin/keys", headers=who)[2].decode()
        once = re.search(r'name="form" value="([^"]+)"', page).group(1)
        who["X-CSRF-Token"] = re.search(r'name="csrf-token" content="([^"]+)"', page).group(1)
        sent = urllib.parse.urlencode({"form": once, "name": "week", "days": "30", "scopes": "feeds.*"})
        page = self.call("POST", "/admin/keys", sent, who)[2].decode()
        return re.search(r"jb_[A-Za-z0-9_-]{20,}", page).group(0)


def by_http(day):
    """Every file of the day as one request, in order; then what is left is applied."""
    server = Server()
    key = {"Authorization": f"Bearer {server.key()}", "Content-Type": "application/octet-stream"}
    files = sorted(file for file in day.iterdir() if file.suffix in KINDS)
    files.sort(key=lambda file: (file.suffix != ".ssim", file.name))
    ends = sorted(chance.sample(range(len(files) // 20, len(files)), told.kills))
    sent, killed, line = 0, 0, None
    begun = time.monotonic()
    while sent < len(files):
        if killed < len(ends) and sent >= ends[killed]:
            # In the middle of whatever it does, not between two requests.
            threading.Timer(chance.uniform(0, .05), server.kill).start()
            killed += 1
        try:
            line = line or http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
            name = urllib.parse.quote(files[sent].name)
            status, _, answer = server.call("POST", f"/api/v1/feeds/week/messages?as_of={day.name}&name={name}",
                                            files[sent].read_bytes(), key, line)
        except (OSError, http.client.HTTPException):
            line = None
            time.sleep(.1)
            continue
        if status == 202:
            sent += 1
        elif status in (429, 503):
            time.sleep(.2)
        else:
            raise SystemExit(f"{files[sent].name}: {status} {answer[:300]!r}")
    posted = time.monotonic() - begun
    server.stop()
    # Coupons and web events are no messages. What the server had not applied yet is applied too.
    rest = [str(day / name) for name in ("coupons.csv", "web.ndjson")]
    done = subprocess.run([*JETBRIDGE, "feed", *rest, "--source", "week"],
                          stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    if done.returncode not in (0, PARTS_WAIT):
        raise SystemExit(f"feed ended with {done.returncode}")
    return killed, server.highest, posted


begun = time.monotonic()
for number, day in enumerate(sorted(folder for folder in pathlib.Path(told.days).iterdir() if folder.is_dir())):
    start = time.monotonic()
    door = told.only or ("files", "http")[number % 2]
    killed, memory, *posted = by_files(day) if door == "files" else by_http(day)
    took = time.monotonic() - start
    extra = f", posted after {posted[0]:.0f} s" if posted else ""
    print(f"{day.name}  {door:5}  {took:6.1f} s  killed {killed} times  peak {memory:.0f} MB{extra}", flush=True)
print(f"fed in {time.monotonic() - begun:.0f} s; waiting for the lists whose last parts never come", flush=True)
last = sorted(pathlib.Path(told.days).iterdir())[-1]
while subprocess.run([*JETBRIDGE, "feed", str(last), "--source", "week"], stdout=subprocess.DEVNULL,
                     stderr=subprocess.DEVNULL).returncode == PARTS_WAIT:
    time.sleep(30)
subprocess.run([*JETBRIDGE, "simulate", "grade", told.days], check=True)
