"""Start several Rasas, action servers and gateways on this machine, and the proxy in front: `python -m bot.replicas`.

Needs PostgreSQL and Redis (deploy/databases.sh). A part that dies is started again; Ctrl-C stops all of them. It
answers no message itself.
"""

import argparse
import socket
import subprocess
import sys
from typing import List

from bot.parts import Part, actions_part, gateway_part, proxy_part, rasa_part
from bot.process import refuse_taken
from bot.proxy import Replicas
from bot.renewal import Renewal, noted
from bot.settings import PROJECT, Settings
from bot.supervise import Running, keep_running, stopped_at_last

LOGS = PROJECT / ".built" / "replicas"
LOOPBACK = "127.0.0.1"


def free_ports(count: int) -> List[int]:
    """Return ports that nobody listens on, all different."""
    probes = [socket.socket() for _ in range(count)]
    try:
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [int(probe.getsockname()[1]) for probe in probes]
    finally:
        for probe in probes:
            probe.close()


def refuse_alone(settings: Settings) -> None:
    """Make sure that replicas share what they must.

    Raises:
        RuntimeError: conversations or locks would be each process's own.
    """
    missing = [name for name in ("tracker_url", "redis_url", "database_url") if not getattr(settings, name)]
    if missing:
        names = ", ".join(f"WHATNOW_{name.upper()}" for name in missing)
        raise RuntimeError(f"replicas share databases: set {names} (deploy/databases.sh start prints them).")


def parts(settings: Settings, replicas: Replicas) -> List[Part]:
    """Return all parts behind the proxy."""
    found = [
        *(actions_part(settings, port) for port in replicas.actions),
        *(rasa_part(settings, port) for port in replicas.rasa),
        *(gateway_part(settings, port, LOOPBACK) for port in replicas.gateways),
    ]
    return [logged(each) for each in found]


def logged(part: Part) -> Part:
    """Return a part with a log of its own."""
    return part._replace(log=LOGS / f"{part.name}.log")


def start_all(settings: Settings, replicas: Replicas, running: List[Running]) -> None:
    """Start the parts, wait until each answers, then open the door."""
    subprocess.run([sys.executable, "-m", "knowledge.publish"], cwd=PROJECT, check=True)
    running.extend(Running(part) for part in parts(settings, replicas))
    for each in running:
        each.wait()
    running.append(Running(logged(proxy_part(settings, replicas))))
    running[-1].wait()


def asked() -> Replicas:
    """Return a free port for every replica that is asked for."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    for kind in Replicas._fields:
        parser.add_argument(f"--{kind}", type=int, default=2)
    counts = [max(1, getattr(parser.parse_args(), kind)) for kind in Replicas._fields]
    ports = iter(free_ports(sum(counts)))
    return Replicas(*([next(ports) for _ in range(count)] for count in counts))


def main() -> None:
    """Start, wait, keep all of them running until stopped."""
    with stopped_at_last(LOGS) as running:
        settings, replicas = Settings(), asked()
        refuse_alone(settings)
        refuse_taken(settings)
        start_all(settings, replicas, running)
        print(f"Whatnow is ready: open {settings.gateway_url}/ ({replicas}); Ctrl-C to stop.", flush=True)
        with noted(settings):
            keep_running(running, Renewal(running).look)


if __name__ == "__main__":
    main()
