"""A bare SMTP server in a process of its own that takes every message: `python -m tests.bench.sink port [file]`.

With a file, it adds a line "recipient message-id" to it for each message, before it says that it accepted it.
"""

import asyncio
import os
import re
import subprocess
import sys
from contextlib import contextmanager, suppress

from tests.accounts.notices.server import free_port

HOST = "127.0.0.1"
MESSAGE_ID = re.compile(rb"^message-id:\s*(\S+)", re.IGNORECASE | re.MULTILINE)


async def take(reader, writer, file):
    with suppress(ConnectionError, asyncio.IncompleteReadError):  # its sender was killed
        await converse(reader, writer, file)
    writer.close()


async def converse(reader, writer, file):
    writer.write(b"220 sink\r\n")
    recipients = []
    while line := await reader.readline():
        verb = line[:4].upper()
        if verb == b"DATA":
            writer.write(b"354 go\r\n")
            content = await reader.readuntil(b"\r\n.\r\n")
            if file is not None:
                message_id = MESSAGE_ID.search(content)[1]
                os.write(file, b"".join(b"%s %s\n" % (each, message_id) for each in recipients))
            recipients = []
            writer.write(b"250 taken\r\n")
        elif verb == b"EHLO":
            writer.write(b"250-sink\r\n250-SIZE 33554432\r\n250 8BITMIME\r\n")
        elif verb == b"QUIT":
            writer.write(b"221 bye\r\n")
            break
        else:
            if verb == b"RCPT":
                recipients.append(re.search(rb"<(.*?)>", line)[1])
            writer.write(b"250 ok\r\n")


async def serve(port, path):
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND) if path else None
    server = await asyncio.start_server(lambda reader, writer: take(reader, writer, file), HOST, port, limit=2**24)
    print("ready", flush=True)
    async with server:
        await server.serve_forever()


@contextmanager
def sink(path=None):
    """The port of such a server, for as long as the block runs."""
    port = free_port(HOST)
    command = [sys.executable, "-m", "tests.bench.sink", str(port), *([str(path)] if path else [])]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout.readline() == "ready\n"
            yield port
        finally:
            process.kill()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else None))
