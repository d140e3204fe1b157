"""The texts of the site's pages and guides: read from the files here, both languages side by side."""

import re
import tomllib
from functools import cache
from html import escape
from pathlib import Path

HERE = Path(__file__).parent
LANGUAGES = {"en": "en", "zh": "zh-hans"}  # as the files call them: as Wagtail does
LINK = re.compile(r"\[([^\]]+)\]\(([a-z0-9-]+)\)")
BOLD = re.compile(r"\*\*(.+?)\*\*")


@cache
def read_pages():
    """Every page in the order in which they are made: parents before their children, guides last."""
    pages = [page for path in sorted((HERE / "pages").glob("*.toml")) for page in read(path)["page"]]
    return pages + [_guide(read(path)) for path in sorted((HERE / "guides").glob("*.toml"))]


@cache
def read_snippets():
    return read(HERE / "snippets.toml")


@cache
def read_pictures():
    return read(HERE / "pictures.toml")


def read(path):
    return tomllib.loads(path.read_text(encoding="utf-8"))


def _guide(guide):
    return {"model": "guides.GuidePage", "key": f"guide-{guide['slug']}", "parent": "guides"} | guide


def in_language(value, language, days):
    """`value` with each {"en": …, "zh": …} in it replaced by its text in `language`, days put in.

    What names its `languages` is left out of the others.
    """
    if isinstance(value, dict):
        if value.keys() <= LANGUAGES.keys():
            return in_language(value.get(language, ""), language, days)
        return {name: in_language(each, language, days) for name, each in value.items() if name != "languages"}
    if isinstance(value, list):
        return [in_language(each, language, days) for each in value if language in languages_of(each)]
    return value.strip().format_map(days) if isinstance(value, str) else value


def languages_of(written):
    """In which languages a page, or a part of one, is written: as a rule in both."""
    return written.get("languages", list(LANGUAGES)) if isinstance(written, dict) else list(LANGUAGES)


def as_html(text, ids=None):
    """Rich text as Wagtail keeps it: paragraphs, `## ` and `### ` headings, `- ` lists, **bold**, [words](page).

    `ids`: {key: id} of the pages that links may lead to.
    """
    html = "".join(_part(part.strip()) for part in text.strip().split("\n\n") if part.strip())
    return LINK.sub(lambda link: f'<a linktype="page" id="{ids[link[2]]}">{link[1]}</a>', html)


def _part(part):
    hashes = re.match(r"(#{2,3}) ", part)
    if hashes:
        tag = f"h{len(hashes[1])}"
        return f"<{tag}>{_inline(part[len(hashes[0]) :])}</{tag}>"
    lines = part.split("\n")
    if all(line.startswith("- ") for line in lines):
        return f"<ul>{''.join(f'<li>{_inline(line[2:])}</li>' for line in lines)}</ul>"
    return f"<p>{_inline(' '.join(lines))}</p>"


def _inline(text):
    return BOLD.sub(r"<b>\1</b>", escape(text, quote=False))
