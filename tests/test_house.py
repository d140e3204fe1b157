"""The habits of this house, held as tests: sizes, style, directions, languages, and what README promises."""

import ast
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import polib
import pytest

ROOT = Path(__file__).resolve().parent.parent
APPS = ("accounts", "cms", "portal", "progress")
TOP_LEVEL = {
    *("manage.py", "pyproject.toml", "portal", "cms", "accounts", "progress", "templates", "tests", "README.md"),
    *(".ci", ".gitignore", "Makefile", "Procfile", "LICENSE", "CHANGELOG.md", "docs", "locale"),
    *("requirements.lock", "requirements-dev.lock"),
}
OPTIONAL = {"Dockerfile", "compose.yaml"}
INDEX = re.compile(r"index.url *= *[a-z]+://|//[^/ ]*\b(pypi|pythonhosted|npmjs)\b|/s[i]mple/")


def modules():
    """Every Python module but the migrations, which nobody writes."""
    found = (path for app in (*APPS, "tests") for path in (ROOT / app).rglob("*.py"))
    return sorted(path for path in found if path.parent.name != "migrations")


def lines(path):
    return len(path.read_text().splitlines())


def named(path):
    return str(path.relative_to(ROOT))


def committed():
    """What git has or would take, as paths below the top; on an unpacked archive, everything but var/."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    names = listed.stdout.split("\0") if listed.returncode == 0 else (named(path) for path in ROOT.rglob("*"))
    return sorted(name for name in names if (ROOT / name).is_file() and not name.startswith("var/"))


class TestSizes:
    def test_a_module_fits_its_cap(self):
        caps = {path: 500 if named(path).startswith("tests/") else 300 for path in modules()}
        assert {named(path): lines(path) for path, cap in caps.items() if lines(path) > cap} == {}

    def test_a_function_has_at_most_40_lines(self):
        long = {}
        for path in modules():
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                    length = node.end_lineno - node.lineno + 1
                    if length > 40:
                        long[f"{named(path)}:{node.name}"] = length
        assert long == {}

    def test_a_template_has_at_most_120_lines(self):
        templates = (path for path in (ROOT / "templates").rglob("*") if path.is_file())
        assert {named(path): lines(path) for path in templates if lines(path) > 120} == {}


@pytest.mark.parametrize("check", ["python", "layout", "templates", "imports", "migrations"])
def test_lint_is_clean(check):
    ran = subprocess.run([ROOT / ".ci" / "lint", check], capture_output=True, text=True, timeout=300)
    assert ran.returncode == 0, ran.stdout


class TestFiles:
    def test_the_top_level_is_the_fixed_list(self):
        assert {name.split("/")[0] for name in committed()} - OPTIONAL == TOP_LEVEL

    def test_an_app_is_no_grab_bag(self):
        bags = {"utils", "helpers", "common", "core", "misc"}
        assert [named(path) for path in modules() if bags & {path.stem, *path.relative_to(ROOT).parts}] == []

    def test_no_file_names_a_package_index(self):
        naming = []
        for name in committed():
            text = (ROOT / name).read_bytes()
            naming += [name] if b"\0" not in text and INDEX.search(text.decode()) else []
        assert naming == []

    def test_no_empty_module_but_packages(self):
        assert [named(path) for path in modules() if path.name != "__init__.py" and not path.read_text().strip()] == []


class TestReadme:
    def test_the_table_of_settings_names_each_variable_that_is_read(self):
        settings = "".join(path.read_text() for path in (ROOT / "portal").glob("settings*.py"))
        processes = (ROOT / "Procfile").read_text()
        read = {*re.findall(r'\benv\.\w+\(\s*"(\w+)"', settings), *re.findall(r"\$\{(\w+)", processes)}
        table = re.findall(r"^\| `([A-Z0-9_]+)` \|", (ROOT / "README.md").read_text(), re.MULTILINE)
        assert sorted(table) == sorted(read)

    def test_every_file_it_links_to_exists(self):
        links = re.findall(r"\]\(([^)#:]+)\)", (ROOT / "README.md").read_text())
        assert [link for link in links if not (ROOT / link).exists()] == []


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory):
    """What makemessages would write now, from a copy of the sources."""
    copy = tmp_path_factory.mktemp("sources")
    for folder in (*APPS, "templates", "locale"):
        shutil.copytree(ROOT / folder, copy / folder, ignore=shutil.ignore_patterns("__pycache__", "*.mo", "static"))
    subprocess.run(
        [sys.executable, "-m", "django", "makemessages", "--locale", "zh_Hans", "--no-obsolete"],
        cwd=copy,
        env={name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"},
        check=True,
        capture_output=True,
        timeout=120,
    )
    return polib.pofile(str(copy / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"))


class TestTranslations:
    def test_texts_are_marked_by_names_that_are_collected(self):
        """Only these: what is called through another name stays English, and nobody hears of it."""
        other = re.compile(r"\b\w*gettext\w* as (?!_\b)\w+")
        ours = [path for path in modules() if not named(path).startswith("tests/")]
        assert {named(path): found for path in ours if (found := other.findall(path.read_text()))} == {}

    def test_every_text_has_its_chinese(self, catalogue):
        assert [entry.msgid for entry in catalogue.untranslated_entries()] == []

    def test_no_translation_is_a_guess(self, catalogue):
        assert [entry.msgid for entry in catalogue.fuzzy_entries()] == []

    def test_placeholders_are_the_same_in_both_languages(self, catalogue):
        placeholder = re.compile(r"%\(\w+\)[a-z]|\{\w*\}")
        differing = [
            entry.msgid
            for entry in catalogue.translated_entries()
            for text in (entry.msgstr_plural.values() if entry.msgid_plural else [entry.msgstr])
            if {*placeholder.findall(entry.msgid_plural or entry.msgid)} != {*placeholder.findall(text)}
        ]
        assert differing == []
