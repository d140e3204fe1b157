"""What docs/operations, Dockerfile and compose.yaml say about the portal, held against the portal."""

import re
import subprocess

import pytest
import yaml
from django.core.management import get_commands

from tests.running.processes import OPERATIONS, ROOT, unit_command

SETTINGS = "".join(path.read_text() for path in sorted((ROOT / "portal").glob("settings*.py")))
READ = {*re.findall(r'\benv\.\w+\(\s*"(\w+)"', SETTINGS), "WEB_WORKERS", "WEB_THREADS", "BIND", "PORT"}
# What is no setting of the portal: of nginx.conf, of Python, of the database's image.
NGINX = {"PORTAL_HOST", "PORTAL_DATA", "WEB_1", "WEB_2", "HTTP_PORT", "HTTPS_PORT", "TLS_CERTIFICATE", "TLS_KEY"} | {
    "NGINX_LOG"
}
PROVIDER = {"POSTMARK_SERVER_TOKEN"}  # an example of what stands in EMAIL_PROVIDER_SETTINGS
UNITS = sorted(path.name for path in OPERATIONS.glob("*.service"))
COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text())
DOCKERFILE = (ROOT / "Dockerfile").read_text()
OURS = [name for name, service in COMPOSE["services"].items() if service.get("image") == "homeowners-portal"]


def fields(name):
    """The lines of a unit as pairs; a name may come several times."""
    lines = (OPERATIONS / name).read_text().splitlines()
    return [tuple(line.split("=", 1)) for line in lines if "=" in line and not line.startswith("#")]


class TestCompose:
    def test_its_processes_are_those_that_run_it_for_real(self):
        assert sorted(COMPOSE["services"]) == [
            *("cache", "db", "migrate", "nginx", "web-1", "web-2", "worker-1", "worker-2"),
        ]

    @pytest.mark.parametrize("name", OURS)
    def test_a_service_sets_nothing_that_nobody_reads(self, name):
        assert set(COMPOSE["services"][name]["environment"]) - READ == set()

    @pytest.mark.parametrize("name", sorted(COMPOSE["services"]))
    def test_a_service_can_change_nothing_but_its_folders(self, name):
        service = COMPOSE["services"][name]
        assert (service["read_only"], service["cap_drop"]) == (True, ["ALL"])
        assert service["security_opt"] == ["no-new-privileges:true"]

    def test_database_and_cache_are_reached_from_inside_alone(self):
        assert {name: COMPOSE["services"][name]["networks"] for name in ("db", "cache")} == {
            "db": ["inside"],
            "cache": ["inside"],
        }
        assert COMPOSE["networks"]["inside"] == {"internal": True}
        assert [name for name, service in COMPOSE["services"].items() if "ports" in service] == ["nginx"]

    def test_a_worker_has_the_time_that_a_job_may_take(self):
        assert {COMPOSE["services"][f"worker-{n}"]["stop_grace_period"] for n in (1, 2)} == {"150s"}

    def test_each_command_of_ours_exists(self):
        text = " ".join(" ".join(COMPOSE["services"][name].get("command", [])) for name in OURS)
        named = set(re.findall(r"manage\.py (\w+)", text))
        assert (named, named - set(get_commands())) == ({"qcluster", "migrate", "createcachetable"}, set())

    def test_nginx_gets_all_that_its_file_asks_for(self):
        asked = set(re.findall(r"\$\{(\w+)\}", (OPERATIONS / "nginx.conf").read_text())) - {"NAMES"}
        assert set(COMPOSE["services"]["nginx"]["environment"]) == asked == NGINX


class TestDockerfile:
    def test_it_runs_as_somebody_without_rights(self):
        after = DOCKERFILE[DOCKERFILE.rindex("\nFROM ") :]
        assert re.findall(r"^USER (.*)$", after, re.MULTILINE) == ["10001:10001"]

    def test_it_sets_nothing_that_nobody_reads(self):
        named = set(re.findall(r"\b([A-Z][A-Z_]+)=", DOCKERFILE))
        tools = {"PYTHONUNBUFFERED", "PYTHONDONTWRITEBYTECODE", "LANG", "PATH", "VIRTUAL_ENV", "UV_LINK_MODE"}
        assert named - READ - tools == set()

    def test_it_copies_what_there_is(self):
        lines = re.findall(r"^COPY (?!--from)(.*) \S+$", DOCKERFILE, re.MULTILINE)
        copied = {name for line in lines for name in line.split()}
        assert [name for name in copied if not (ROOT / name).exists()] == []
        needed = {"accounts", "cms", "locale", "portal", "progress", "templates", "manage.py"}
        assert needed | {"pyproject.toml"} <= copied  # in which a backup reads the portal's version

    def test_it_installs_the_libraries_that_the_set_up_installs(self):
        wanted = re.search(r"local wanted=\((.*?)\)", (ROOT / ".ci" / "setup").read_text())[1].split()
        assert [library for library in wanted if library not in DOCKERFILE] == []


class TestUnits:
    @pytest.mark.parametrize("name", ["portal-web@.service", "portal-worker@.service"])
    def test_the_parent_alone_is_signalled(self, name):
        assert dict(fields(name))["KillMode"] == "mixed"

    @pytest.mark.parametrize("name", UNITS)
    def test_its_settings_are_read(self, name):
        named = {word.split("=")[0] for key, value in fields(name) if key == "Environment" for word in value.split()}
        assert named - READ - {"PATH"} == set()

    def test_a_web_process_is_started_as_the_procfile_does(self):
        """But for where it listens, and for how long it may finish."""
        own = {"WEB_WORKERS": "2", "WEB_THREADS": "4"}
        unit = unit_command("portal-web@.service", 8001, own)[1:]
        procfile = re.search(r"^web: gunicorn (.*)$", (ROOT / "Procfile").read_text(), re.MULTILINE)[1]
        plain = re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", procfile).split()
        differing = {"--bind", "127.0.0.1:8001", "127.0.0.1:8000", "--graceful-timeout", "5", "20"}
        assert set(unit) - differing - {"--worker-tmp-dir", "/dev/shm"} == set(plain) - differing  # noqa: S108

    def test_the_target_starts_units_that_there_are(self):
        wanted = " ".join(value for key, value in fields("portal.target") if key == "Wants").split()
        files = {re.sub(r"@\w+\.", "@.", name) for name in wanted}
        assert [name for name in files if not (OPERATIONS / name).exists()] == []
        assert len(wanted) == 6


class TestManual:
    TEXT = (ROOT / "docs" / "operations.md").read_text()

    def test_every_file_beside_it_is_explained(self):
        assert [path.name for path in OPERATIONS.iterdir() if path.name not in self.TEXT] == []

    def test_every_file_it_links_to_exists(self):
        links = re.findall(r"\]\(([^)#:]+)\)", self.TEXT)
        assert [link for link in links if not (ROOT / "docs" / link).exists()] == []

    def test_every_command_it_names_exists(self):
        named = set(re.findall(r"(?:manage\.py|portal-manage) ([a-z_]+)", self.TEXT))
        assert named - set(get_commands()) == set()

    def test_every_setting_it_names_is_read(self):
        named = set(re.findall(r"\b([A-Z][A-Z0-9]*_[A-Z_0-9]+)=", self.TEXT))
        assert named - READ - NGINX - PROVIDER - {"POSTGRES_PASSWORD", "TLS_FOLDER"} == set()

    def test_the_example_of_settings_names_those_that_are_read(self):
        example = (OPERATIONS / "portal.env.example").read_text()
        assert set(re.findall(r"^(\w+)=", example, re.MULTILINE)) - READ == set()

    def test_the_shell_reads_the_example(self):
        script = f'set -eu; . {OPERATIONS / "portal.env.example"}; printf %s "$COMPANY_HOTLINE"'
        assert subprocess.run(["sh", "-c", script], capture_output=True, text=True).stdout == "400 000 0826"
