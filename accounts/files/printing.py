"""Turns one HTML document into a PDF: run as a process of its own, so that it can be limited, and killed.

python -m accounts.files.printing < JOB > PDF, where JOB is a zip archive: `document.html`, `made` (when, ISO 8601),
and each file that the document may name, called by its address: `asset:…` or `photo:…`. On anything else it names,
and on whatever the printer would leave out, it fails and says why on stderr. It needs no Django, and no network.
"""

import logging
import resource
import sys
import zipfile
from io import BytesIO

MEMORY = 1536 * 1024 * 1024  # bytes
SECONDS = 60
LARGEST = 64 * 1024 * 1024  # bytes of what it writes
KINDS = {"css": "text/css", "svg": "image/svg+xml", "png": "image/png", "jpg": "image/jpeg"}
RASTERS = {b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n\x1a\n": "image/png"}
FORBIDDEN = ("socket.connect", "socket.getaddrinfo", "socket.bind", "subprocess.Popen", "os.exec", "os.system")


class Complaints(logging.Handler):
    """What the printer says it left out: it would go on without."""

    def __init__(self):
        super().__init__(logging.ERROR)
        self.said = []

    def emit(self, log_record):
        self.said.append(log_record.getMessage())


def kind_of(address, content):
    """The type of a file of the job; None for what may not stand in a document."""
    if address.startswith("asset:"):
        return KINDS.get(address.rpartition(".")[2])
    return next((kind for magic, kind in RASTERS.items() if content.startswith(magic)), None)


def fetcher_of(files):
    """What hands out `files`, {address: bytes}, from memory, and ends the job on any other address."""
    from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

    class FromMemory(URLFetcher):
        def fetch(self, url, headers=None):
            kind = kind_of(url, files[url]) if url in files else None
            if kind is None:
                raise FatalURLFetchingError(f"not part of the job: {url[:200]}")
            return URLFetcherResponse(url, files[url], {"Content-Type": kind})

    return FromMemory(fail_on_errors=True)


def print_pdf(html, files, *, made):
    """The PDF as bytes. Raises whatever the printer raises, and ValueError for what it would have left out."""
    from weasyprint import HTML

    complaints = Complaints()
    log = logging.getLogger("weasyprint")
    log.addHandler(complaints)
    log.propagate = False
    document = HTML(string=html, url_fetcher=fetcher_of(files)).render(pdf_variant="pdf/ua-1")
    document.metadata.created = made
    document.metadata.title = " ".join((document.metadata.title or "").split())
    if not document.metadata.title:
        raise ValueError("The document has no title, by which readers' programs call it.")
    pdf = document.write_pdf(pdf_variant="pdf/ua-1")
    if complaints.said:
        raise ValueError("; ".join(complaints.said[:5]))
    return pdf


def limit():
    """From here on this process can do nothing but reckon, for a while, in so much memory."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST, LARGEST))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.addaudithook(_refuse)


def _refuse(event, arguments):
    if event in FORBIDDEN:
        raise PermissionError(f"{event} while a document is printed")


def main():
    limit()
    with zipfile.ZipFile(BytesIO(sys.stdin.buffer.read())) as job:
        parts = {name: job.read(name) for name in job.namelist()}
    html, made = parts.pop("document.html").decode(), parts.pop("made").decode()
    try:
        pdf = print_pdf(html, parts, made=made)
    except BaseException as error:  # the printer's fatal errors are no Exceptions
        sys.stderr.write(f"{type(error).__name__}: {error}")
        sys.exit(1)
    sys.stdout.buffer.write(pdf)


if __name__ == "__main__":
    main()
