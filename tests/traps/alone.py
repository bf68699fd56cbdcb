"""Run a command where nothing but this machine can be reached, and say where it tried to go: `alone.py COMMAND ...`.

In a network of its own every packet that does not go to this machine ends in an interface that leads nowhere, and is
counted there. Where such a network may not be made, or with `--sockets`, the sockets of all its processes are watched
in the ordinary one. The last line of the output is the list of places, as JSON.
"""

import ctypes
import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from ipaddress import ip_address
from pathlib import Path

import psutil

NEW_USER, NEW_NETWORK = 0x10000000, 0x40000000
EVERY_PROTOCOL, TCP, UDP = 0x0003, 6, 17
NAMES = 53  # whoever asks for a name is about to go somewhere, wherever the name server is
SAMPLE_SECONDS, LAST_SECONDS = 0.02, 1.0
SET_UP = (
    "link set lo up",
    "link add out type veth peer name nowhere",
    "link set nowhere up",
    "link set out arp off up",
    "addr add 198.18.0.1/32 dev out",
    "route add default dev out",
    "-6 addr add fd00::1/128 dev out nodad",
    "-6 route add default dev out",
)
Note = Callable[[str, int], None]


def enter() -> bool:
    """Move this process into a network of its own; False where that is not allowed or cannot be set up."""
    system, user, group = ctypes.CDLL(None, use_errno=True), os.getuid(), os.getgid()
    if user != 0 and system.unshare(NEW_USER) == 0:
        for name, line in (("setgroups", "deny"), ("uid_map", f"0 {user} 1"), ("gid_map", f"0 {group} 1")):
            Path(f"/proc/self/{name}").write_text(line, encoding="utf8")
    ordinary = os.open("/proc/self/ns/net", os.O_RDONLY)
    if system.unshare(NEW_NETWORK) != 0:
        return False
    with suppress(FileNotFoundError):
        if all(subprocess.run(["ip", *each.split()], check=False).returncode == 0 for each in SET_UP):
            return True
    system.setns(ordinary, NEW_NETWORK)
    return False


def watch_packets(note: Note) -> None:
    """Note where every packet goes that leaves by the interface that leads nowhere."""
    taken = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(EVERY_PROTOCOL))
    taken.bind(("out", EVERY_PROTOCOL))
    while True:
        packet = taken.recv(256)
        if packet[0] >> 4 == 4:
            start, kind, place = 4 * (packet[0] & 15), packet[9], packet[16:20]
        else:
            start, kind, place = 40, packet[6], packet[24:40]
        if kind in (TCP, UDP):
            note(str(ip_address(place)), int.from_bytes(packet[start + 2 : start + 4], "big"))


def watch_sockets(note: Note) -> None:
    """Note where every socket of the processes that we started leads, every twenty milliseconds."""
    while True:
        for process in psutil.Process().children(recursive=True):
            with suppress(psutil.Error):
                for each in process.net_connections("inet"):
                    place = each.raddr.ip.removeprefix("::ffff:") if each.raddr else "127.0.0.1"
                    if not ip_address(place).is_loopback or (each.raddr and each.raddr.port == NAMES):
                        note(place, each.raddr.port)
        time.sleep(SAMPLE_SECONDS)


def main(command: list[str]) -> int:
    """Run the command; print where it tried to go, and return its own code."""
    only_sockets = command[0] == "--sockets"
    found: set[tuple[str, int]] = set()
    watch = watch_sockets if only_sockets or not enter() else watch_packets
    threading.Thread(target=watch, args=(lambda *place: found.add(place),), daemon=True).start()
    done = subprocess.run(command[only_sockets:], check=False)
    time.sleep(LAST_SECONDS)
    print(json.dumps([watch.__name__, sorted(found)]), flush=True)  # noqa: T201  (the test reads it)
    return done.returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
