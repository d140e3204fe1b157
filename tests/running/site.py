"""A whole portal on the loopback: two web processes, two workers, nginx before them, and whatever they need."""

import os
import pwd
import string
import subprocess
from contextlib import suppress

from django.conf import settings
from django.test import override_settings

from .processes import HOST, OPERATIONS, PATIENCE, Process, free_ports, listens, program, unit_command, wait_until
from .static import collected_static

# What surrounds the file that is shipped, where a distribution has its own.
AROUND = """
daemon off;
{user}
pid {folder}/nginx.pid;
error_log {folder}/nginx-error.log;
worker_processes 1;
events {{ worker_connections 256; }}
http {{
    types {{ text/html html; text/css css; image/jpeg jpg; image/svg+xml svg; application/javascript js; }}
    default_type application/octet-stream;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/unused-1;
    uwsgi_temp_path {folder}/unused-2;
    scgi_temp_path {folder}/unused-3;
    include {folder}/site.conf;
}}
"""


class Site:
    """Use as a context manager: what it has started is gone afterwards, whatever happens."""

    def __init__(self, folder, *, database_url, mail_port, **more):
        self.folder, self.processes = folder, []
        self.data = folder / "data"
        self.data.mkdir()
        self.http, self.https, *self.web_ports = free_ports(4)
        self.url = f"https://localhost:{self.https}"
        self.environment = _inherited() | {
            "PORTAL_MODE": "production",
            "PORTAL_DATA": str(self.data),
            "PORTAL_URL": self.url,
            "DATABASE_URL": database_url,
            "SECRET_KEY": settings.SECRET_KEY,
            "ALLOWED_HOSTS": "localhost",
            "TRUSTED_PROXIES": "1",
            "X_ACCEL_PREFIX": "/private-files/",
            "EMAIL_URL": f"smtp://{HOST}:{mail_port}",
            "WEB_WORKERS": "1",
            "WEB_THREADS": "4",
            "WORKERS": "1",
            **more,
        }

    def __enter__(self):
        try:
            (self.data / "static").symlink_to(collected_static())
            self.webs = [self.start_web(port) for port in self.web_ports]
            self.workers = [self.start_worker(number) for number in (1, 2)]
            self.nginx = self.start_nginx()
            wait_until(lambda: all(map(listens, [*self.web_ports, self.https])), f"no answer; {self.folder} has logs")
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *error):
        for process in self.processes:
            with suppress(ProcessLookupError):
                process.kill()

    def files(self):
        """A context in which this process stores files where the site does."""
        location = {"OPTIONS": {"location": self.data / "private"}}
        storages = settings.STORAGES | {"private": settings.STORAGES["private"] | location}
        return override_settings(STORAGES=storages, X_ACCEL_PREFIX="/private-files/")

    def start_web(self, port):
        return self._start(f"web-{port}", unit_command("portal-web@.service", port, self.environment))

    def start_worker(self, number):
        return self._start(f"worker-{number}", unit_command("portal-worker@.service", number, self.environment))

    def start_nginx(self):
        certificate, key = self.certificate()
        text = string.Template((OPERATIONS / "nginx.conf").read_text()).safe_substitute(
            PORTAL_HOST="localhost",
            PORTAL_DATA=self.data,
            WEB_1=f"{HOST}:{self.web_ports[0]}",
            WEB_2=f"{HOST}:{self.web_ports[1]}",
            HTTP_PORT=f"{HOST}:{self.http}",
            HTTPS_PORT=f"{HOST}:{self.https}",
            TLS_CERTIFICATE=certificate,
            TLS_KEY=key,
            NGINX_LOG=self.folder / "nginx-access.log",
        )
        (self.folder / "site.conf").write_text(text)
        user = f"user {pwd.getpwuid(os.getuid()).pw_name};" if os.getuid() == 0 else ""
        (self.folder / "nginx.conf").write_text(AROUND.format(folder=self.folder, user=user))
        return self._start("nginx", [program("nginx"), "-p", str(self.folder), "-c", str(self.folder / "nginx.conf")])

    def certificate(self):
        """A certificate for localhost that nobody but this test's client trusts."""
        certificate, key = self.folder / "tls.pem", self.folder / "tls.key"
        if not key.exists():
            subprocess.run(
                [
                    *("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"),
                    *("-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"),
                    *("-keyout", str(key), "-out", str(certificate)),
                ],
                check=True,
                capture_output=True,
                timeout=PATIENCE,
            )
        return certificate, key

    def _start(self, name, command):
        process = Process(command, log=self.folder / f"{name}.log", environment=self.environment)
        self.processes.append(process)
        return process


def _inherited():
    """This test's surroundings without what it says about settings."""
    kept = ("PATH", "HOME", "LANG", "TMPDIR", "VIRTUAL_ENV")
    return {name: os.environ[name] for name in kept if name in os.environ}
