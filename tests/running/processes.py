"""The processes of a portal on this machine, from the files that docs/operations ships, each in a group of its own."""

import configparser
import os
import shlex
import shutil
import signal
import socket
import string
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
OPERATIONS = ROOT / "docs" / "operations"
HOST = "127.0.0.1"
PATIENCE = 60  # seconds, for a machine that is busy


def free_ports(count):
    """Ports that nobody has; all are held until the last is found, so that they differ."""
    probes = [socket.socket() for _each in range(count)]
    try:
        for probe in probes:
            probe.bind((HOST, 0))
        return [probe.getsockname()[1] for probe in probes]
    finally:
        for probe in probes:
            probe.close()


def wait_until(condition, what, patience=PATIENCE):
    deadline = time.monotonic() + patience
    while not condition():
        assert time.monotonic() < deadline, f"Waited {patience} s in vain: {what}."
        time.sleep(0.05)


def listens(port):
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((HOST, port)) == 0


def program(name):
    """nginx and redis-server lie in /usr/sbin, which isn't on everybody's path."""
    found = shutil.which(name, path=f"{os.environ['PATH']}{os.pathsep}/usr/sbin{os.pathsep}/sbin")
    assert found, f"{name} is not installed; .ci/setup test does that."
    return found


def unit_command(unit, instance, environment):
    """What systemd would run, as a list: `ExecStart` of a unit in docs/operations, with this machine's Python."""
    parser = configparser.RawConfigParser(strict=False, interpolation=None)
    parser.optionxform = str
    parser.read(OPERATIONS / unit)
    line = parser["Service"]["ExecStart"].replace("%i", str(instance))
    line = line.replace("/srv/portal/var/venv/bin", str(Path(sys.executable).parent))
    return shlex.split(string.Template(line).substitute(environment))


class Process:
    """A process and its children, with what it said in a file; `kill` leaves none of them."""

    def __init__(self, command, *, log, environment=None):
        self.log = log
        with log.open("ab") as said:
            self.popen = subprocess.Popen(
                # Should the test itself be killed, the kernel stops what it has started.
                ["setpriv", "--pdeathsig", "TERM", *command],
                cwd=ROOT,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
                start_new_session=True,
            )
        self.pid = self.popen.pid

    def signal(self, number):
        """To the process and all its children, as a machine that fails would."""
        os.killpg(self.pid, number)

    def kill(self):
        if self.popen.returncode is None:
            self.signal(signal.SIGKILL)
            self.popen.wait(PATIENCE)

    def end(self):
        """Ask the parent alone, as `KillMode=mixed` does; what remains of the group afterwards is killed."""
        self.popen.terminate()
        try:
            return self.popen.wait(PATIENCE)
        finally:
            with suppress(ProcessLookupError):
                self.signal(signal.SIGKILL)

    def members(self):
        """The ids of the process and of its children, theirs too."""
        return [int(path.name) for path in Path("/proc").glob("[0-9]*") if _group(path) == self.pid]

    def children(self):
        return [pid for pid in self.members() if pid != self.pid]

    def is_connected_to(self, port):
        """Whether the process, or a child, has a TCP connection to this port."""
        inodes = {row.inode for row in connections() if row.remote == port and row.established}
        return any(inodes & _sockets(pid) for pid in self.members())


def _group(path):
    try:
        return int((path / "stat").read_text().rpartition(")")[2].split()[2])
    except (OSError, IndexError):  # it ended meanwhile
        return None


def _sockets(pid):
    found = set()
    try:
        for link in Path(f"/proc/{pid}/fd").iterdir():
            target = os.readlink(link)
            if target.startswith("socket:["):
                found.add(target[8:-1])
    except OSError:
        pass
    return found


class Connection:
    """One row of the kernel's table of TCP connections."""

    def __init__(self, line):
        fields = line.split()
        self.local, self.remote = (int(end.rpartition(":")[2], 16) for end in fields[1:3])
        self.established, self.inode = fields[3] == "01", fields[9]


def connections():
    return [Connection(line) for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]


def is_asked(port):
    """Whether somebody has connected to this port, be it that nobody has taken the connection yet."""
    return any(row.local == port and row.established for row in connections())
