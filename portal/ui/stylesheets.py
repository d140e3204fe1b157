"""Static files as they are sent: hashed, compressed, and the stylesheet in one piece.

Written in files of one layer each, `ui/css/portal.css` imports the others. A browser would learn of them only once it
has read the first, and show nothing before it has them all; so `collectstatic` puts them in their places.
"""

import posixpath
import re

from django.core.files.base import ContentFile
from whitenoise.storage import CompressedManifestStaticFilesStorage

ENTRIES = {"ui/css/portal.css"}
IMPORT = re.compile(r"""@import url\("(?P<name>[\w.-]+)"\) layer\((?P<layer>[\w.-]+)\);\n?""")
COMMENT = re.compile(r"/\*.*?\*/\n?", re.DOTALL)


class OnePieceStorage(CompressedManifestStaticFilesStorage):
    def post_process(self, paths, dry_run=False, **options):
        paths = {name: (Joined(place[0]) if name in ENTRIES else place[0], place[1]) for name, place in paths.items()}
        yield from super().post_process(paths, dry_run=dry_run, **options)


class Joined:
    """The storage of a stylesheet, which reads it with all that it imports from its own folder."""

    def __init__(self, storage):
        self.storage = storage

    def open(self, path, mode="rb"):
        return ContentFile(self.joined(path).encode(), name=path)

    def joined(self, path):
        def put_in(match):
            text = self.joined(posixpath.join(posixpath.dirname(path), match["name"]))
            return f"@layer {match['layer']} {{\n{text}}}\n"

        with self.storage.open(path) as file:
            text = file.read().decode()
        return IMPORT.sub(put_in, COMMENT.sub("", text))
