"""A real SMTP server on the loopback that records what it accepted, and can refuse, stall or be down."""

import asyncio
import socket
import threading
from email import message_from_bytes
from email.policy import default

from aiosmtpd.controller import Controller

PATIENCE = 60  # seconds, for a machine that is busy


def free_port(host):
    with socket.socket() as probe:
        probe.bind((host, 0))
        return probe.getsockname()[1]


class MailServer:
    """Use as a context manager. `accepted` lists the messages, `connections` counts sessions."""

    host = "127.0.0.1"

    def __init__(self):
        self.port, self.accepted, self.connections = free_port(self.host), [], 0
        self.answers = {}  # address: the answer to RCPT
        self.data_answer = None  # the answer to DATA, if not "accepted"
        self._stall_at, self._stall_after, self._seen = None, False, 0
        self.stalled = threading.Event()

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *error):
        self.stop()

    def start(self):
        self._controller = Controller(self, hostname=self.host, port=self.port)
        self._controller.start()

    def stop(self):
        self._controller.stop()

    def message_ids(self):
        return [message["Message-ID"] for message in self.accepted]

    def stall(self, *, nth, accepted):
        """Leave the sender of the nth message from now without an answer, having accepted it or not."""
        self._stall_at, self._stall_after, self._seen = nth, accepted, 0
        self.stalled.clear()

    def go_on(self):
        self._stall_at = None

    async def handle_EHLO(self, server, session, envelope, hostname, responses):  # noqa: N802  aiosmtpd's names
        self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
        answer = self.answers.get(address, "250 OK")
        if answer.startswith("2"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        self._seen += 1
        if self.data_answer:
            return self.data_answer
        if self._seen == self._stall_at and not self._stall_after:
            await self._leave_waiting()
        self.accepted.append(message_from_bytes(envelope.content, policy=default))
        if self._seen == self._stall_at:
            await self._leave_waiting()
        return "250 Accepted"

    async def _leave_waiting(self):
        """Until the sender's connection breaks: then the server cancels this."""
        self.stalled.set()
        await asyncio.sleep(PATIENCE)
        raise AssertionError("Nobody killed the sender.")
