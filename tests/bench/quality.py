"""What Lighthouse and the Nu HTML checker say of the pages that count: by hand, before a release.

    .ci/quality                        starts the portal with its demonstration estate, as `make run` does
    .ci/quality http://localhost:8000  looks at one that runs
    .ci/quality http://localhost:8000 /en/ /en/news/    at these pages alone

Scores on a phone, out of 100: performance, accessibility, best practices, SEO; the weight of the first view without
photos, and of its styles and scripts, as they came over the wire; what the checker finds in the HTML. The performance
is the median of three: a busy machine lowers it. Ends with 1 where a page misses what is wanted.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.cookiejar import CookieJar
from pathlib import Path
from statistics import median
from urllib.parse import urlencode, urljoin
from urllib.request import HTTPCookieProcessor, Request, build_opener

from playwright.sync_api import sync_playwright

from portal.demo.people import PASSWORD
from tests.running.processes import free_ports

TOOLS = Path(os.environ.get("QUALITY_TOOLS", "var/quality"))
OWNER = os.environ.get("QUALITY_OWNER", "chen.bo@example.com")
WANTED = {"performance": 95, "accessibility": 100, "best-practices": 100, "seo": 100}
RUNS = int(os.environ.get("QUALITY_RUNS", "3"))
VIEW, STYLES_AND_SCRIPTS = 200, 60  # kB
PHOTOS = ("image/avif", "image/webp", "image/jpeg")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]


@dataclass
class Verdict:
    url: str
    scores: dict = field(default_factory=dict)
    view: int = 0
    code: int = 0
    faults: list = field(default_factory=list)

    @property
    def missed(self):
        """What is not as wanted, in words."""
        low = [f"{name} {score:.0f} < {WANTED[name]}" for name, score in self.scores.items() if score < WANTED[name]]
        heavy = [f"view of {self.view} kB"] * (self.view >= VIEW) + [f"code of {self.code} kB"] * (
            self.code >= STYLES_AND_SCRIPTS
        )
        return [*low, *heavy, *self.faults]


class Visitor:
    """A browser that keeps cookies; `come_in` as an owner of the demonstration."""

    def __init__(self, base):
        self.base, self.cookies = base, CookieJar()
        self.opener = build_opener(HTTPCookieProcessor(self.cookies))

    def get(self, path, data=None):
        request = Request(urljoin(self.base, path), data=data, headers={"Referer": urljoin(self.base, path)})  # noqa: S310
        with self.opener.open(request, timeout=60) as response:
            return response.read().decode()

    def come_in(self):
        page = self.get("/account/login/")
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[1]
        form = {"csrfmiddlewaretoken": token, "login": OWNER, "password": PASSWORD}
        self.get("/account/login/", urlencode(form).encode())

    def first(self, path, pattern):
        """The first link on a page that looks so, if any."""
        found = re.search(rf'href="({pattern})"', self.get(path))
        return found and found[1]


def pages_of(visitor):
    """Addresses of the home page in both languages, a development, an article and a guide."""
    guides = visitor.first("/my/", r"/my/homes/[\w-]+/guides/")
    found = [
        *("/en/", "/zh-hans/"),
        visitor.first("/en/developments/", r"/en/developments/[\w-]+/"),
        visitor.first("/en/news/", r"/en/news/[\w-]+/"),
        guides and visitor.first(guides, r"/my/homes/[\w-]+/guides/[\w-]+/"),
    ]
    return [path for path in found if path]


@contextmanager
def browser(visitor):
    """The port of a Chromium with a profile of its own, in which the visitor's cookies lie."""
    [port] = free_ports(1)
    args = [*FLAGS, f"--remote-debugging-port={port}"]
    with tempfile.TemporaryDirectory() as profile, sync_playwright() as playwright:
        path = os.environ.get("CHROME_PATH")
        context = playwright.chromium.launch_persistent_context(profile, executable_path=path, args=args)
        for cookie in visitor.cookies if visitor else ():
            context.add_cookies([{"name": cookie.name, "value": cookie.value, "url": visitor.base}])
        try:
            yield port
        finally:
            context.close()


def lighthouse(url, visitor):
    """What one run says."""
    command = [TOOLS / "node_modules/.bin/lighthouse", url, "--quiet", "--output=json", "--disable-storage-reset"]
    command.append("--only-categories=" + ",".join(WANTED))
    for _attempt in range(3):  # a browser that is short of time records no trace
        with browser(visitor) as port, suppress(subprocess.TimeoutExpired):
            done = subprocess.run([*command, f"--port={port}"], capture_output=True, text=True, timeout=120)
            if done.returncode == 0:
                return json.loads(done.stdout)
    raise RuntimeError(f"Lighthouse says nothing of {url}.")


def judged(visitor, path):
    verdict = Verdict(path)
    url = urljoin(visitor.base, path)
    reports = [lighthouse(url, visitor if path.startswith("/my/") else None) for _each in range(RUNS)]
    for name in WANTED:
        verdict.scores[name] = median(100 * (report["categories"][name]["score"] or 0) for report in reports)
    requests = reports[0]["audits"]["network-requests"]["details"]["items"]
    verdict.view = weight(each for each in requests if each.get("mimeType") not in PHOTOS)
    verdict.code = weight(each for each in requests if each.get("resourceType") in {"Stylesheet", "Script"})
    verdict.faults += failed_audits(reports[0])
    return verdict


def weight(requests):
    return round(sum(each.get("transferSize", 0) for each in requests) / 1000)


def failed_audits(report):
    """Which audits cost points, outside performance, where they only hint at it."""
    names = WANTED.keys() - {"performance"}
    wanted = {ref["id"] for name in names for ref in report["categories"][name]["auditRefs"]}
    audits = (audit for name, audit in report["audits"].items() if name in wanted)
    return [
        f"{audit['id']}: {snippets(audit)}" for audit in audits if audit["score"] is not None and audit["score"] < 0.9
    ]


def snippets(audit):
    items = audit.get("details", {}).get("items", [])[:3]
    return " | ".join(str(item.get("node", item).get("snippet", item))[:160] for item in items) or audit["title"]


def html_faults(pages):
    """{path: what the Nu checker says}, of {path: HTML}. Of warnings, none is passed over but those on style sheets."""
    with tempfile.TemporaryDirectory() as folder:
        names = {}
        for number, (path, text) in enumerate(pages.items()):
            file = Path(folder) / f"{number}.html"
            file.write_text(text)
            names[file.name] = path
        jar = TOOLS / "node_modules/vnu-jar/build/dist/vnu.jar"
        command = ["java", "-jar", jar, "--format", "json", "--exit-zero-always", *Path(folder).glob("*.html")]
        said = subprocess.run(command, capture_output=True, text=True, check=True, timeout=180)
    faults = {path: [] for path in pages}
    for message in json.loads(said.stderr or said.stdout)["messages"]:
        if message["type"] == "error" or message.get("subType") == "warning":
            where = message.get("extract", "").strip().replace("\n", " ")[:120]
            faults[names[message["url"].rpartition("/")[2]]].append(f"HTML: {message['message']} ({where})")
    return faults


def tell(verdict):
    scores = "  ".join(f"{name} {score:.0f}" for name, score in verdict.scores.items())
    print(f"{verdict.url}\n  {scores}")
    print(f"  first view {verdict.view} kB without photos, styles and scripts {verdict.code} kB")
    for each in verdict.missed:
        print(f"  not as wanted: {each}")


def main(base, *paths):
    owner = Visitor(base)
    owner.come_in()
    paths = paths or pages_of(owner)
    faults, missed = html_faults({path: owner.get(path) for path in paths}), False
    for path in paths:
        verdict = judged(owner, path)
        verdict.faults += faults[path]
        tell(verdict)
        missed |= bool(verdict.missed)
    return int(missed)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
