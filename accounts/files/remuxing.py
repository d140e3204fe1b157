"""Takes a short video apart and puts it together anew, without what says where, when and by what it was made: run as
a process of its own, so that it can be limited, and killed.

python -m accounts.files.remuxing TYPE FOLDER < VIDEO writes FOLDER/video and FOLDER/poster.jpg and prints
{"ending": "mp4", "seconds": 12.4, "width": 1920, "height": 1080}, or {"refused": why}; on anything else it fails.
Pictures and sound are copied, not encoded anew. It needs no Django, and no network.
"""

import json
import logging
import re
import resource
import sys
from fractions import Fraction
from itertools import islice
from pathlib import Path

MEMORY = 1536 * 1024 * 1024  # bytes
SECONDS = 40
LARGEST = 64 * 1024 * 1024  # bytes of what it writes
LONGEST = Fraction(61)  # seconds: a minute, and what a telephone adds to it
LONG_SIDE, MAX_PIXELS = 4096, 4096 * 2304
POSTER = 1600  # pixels of its long side
FORBIDDEN = ("socket.connect", "socket.getaddrinfo", "socket.bind", "subprocess.Popen", "os.exec", "os.system")

# By media type: what reads it, which is never left to guessing, and what is written.
KINDS = {
    "video/mp4": ("mov", "mp4"),
    "video/quicktime": ("mov", "mp4"),
    "video/x-m4v": ("mov", "mp4"),
    "video/3gpp": ("mov", "mp4"),
    "video/webm": ("matroska", "webm"),
}
PICTURES = {"mp4": {"h264", "hevc", "vp9", "av1"}, "webm": {"vp8", "vp9", "av1"}}
SOUNDS = {"mp4": {"aac", "mp3", "opus"}, "webm": {"opus", "vorbis"}}  # any other sound is left out
# Cameras write where they are into the picture's own data as well: messages of these kinds go.
MESSAGES = {"h264": "6", "hevc": "39|40", "av1": "5"}
APPLES_TAG = "hvc1"  # the only name under which Apple's players take H.265
START = re.compile(rb"\x00?\x00\x00\x01")  # of a unit of a stream


class RefusedError(Exception):
    """A sound file that we don't take; the argument says why."""


def remux(source, kind, folder):
    """Write the video and its poster into `folder`. Returns what it is; raises RefusedError, or what FFmpeg raises."""
    import av  # after the limits are set

    reader, ending = KINDS[kind]
    with av.open(source, format=reader, metadata_errors="replace", io_open=_refuse_other_files) as received:
        poster = poster_of(received, ending)
    source.seek(0)
    with av.open(source, format=reader, metadata_errors="replace", io_open=_refuse_other_files) as received:
        seconds = copy(received, Path(folder) / "video", ending)
    width, height = poster.size
    poster.thumbnail((POSTER, POSTER))
    poster.save(Path(folder) / "poster.jpg", "JPEG", quality=85)
    return {"ending": ending, "seconds": seconds, "width": width, "height": height}


def _refuse_other_files(url, flags, options):
    raise PermissionError("A video that wants to have another file opened.")


def poster_of(received, ending):
    """The first picture, upright, once the stream is found to be one of ours."""
    stream = next(iter(received.streams.video), None)
    if stream is None or stream.codec_context.codec.canonical_name not in PICTURES[ending]:
        raise RefusedError("unknown")
    _check_size(stream.codec_context)
    frame = next(received.decode(stream))
    _check_size(frame)
    return frame.to_image().rotate(frame.rotation, expand=True)


def _check_size(picture):
    if max(picture.width, picture.height) > LONG_SIDE or picture.width * picture.height > MAX_PIXELS:
        raise RefusedError("too-big")


def copy(received, path, ending):
    """Copy its pictures and its sound, packet by packet. Returns the seconds, as the packets and not the header say."""
    import av

    sounds = (each for each in received.streams.audio if _codec(each) in SOUNDS[ending])
    chosen = [received.streams.video[0], *islice(sounds, 1)]
    options = {"fflags": "+bitexact"} | ({"movflags": "+faststart"} if ending == "mp4" else {})
    begin, end = None, Fraction(0)
    with av.open(str(path), "w", format=ending, options=options) as made:
        copies = {each.index: _copied(each, made) for each in chosen}
        for packet in received.demux(chosen):
            if packet.dts is None:  # the last of a stream, which is empty
                continue
            shown = (packet.dts if packet.pts is None else packet.pts) * packet.time_base
            begin = shown if begin is None else begin
            end = max(end, shown + (packet.duration or 0) * packet.time_base)
            if end - begin > LONGEST:
                raise RefusedError("too-long")
            stream, messages = copies[packet.stream_index]
            for kept in messages.filter(packet) if messages else [packet]:
                kept.stream = stream
                made.mux(kept)
    return round(float(end - (begin or 0)), 1)


def _codec(stream):
    return stream.codec_context.codec.canonical_name


def _copied(stream, made):
    """(its stream in `made`, what takes the messages out of its packets or None)"""
    from av.bitstream import BitStreamFilterContext

    copied, name = made.add_stream_from_template(stream, opaque=True), _codec(stream)
    messages = MESSAGES.get(name)
    taken_out = BitStreamFilterContext(f"filter_units=remove_types={messages}", stream, copied) if messages else None
    if name == "hevc":
        copied.codec_context.codec_tag = APPLES_TAG
        copied.codec_context.extradata = without_messages(copied.codec_context.extradata)
    return copied, taken_out


def without_messages(head):
    """The head of an H.265 stream, as the filter hands it on (ITU-T H.265, annex B), without the messages it leaves
    in there."""
    units = START.split(head or b"")[1:]
    kept = [unit for unit in units if unit and str(unit[0] >> 1 & 0x3F) not in MESSAGES["hevc"].split("|")]
    return b"".join(b"\0\0\0\1" + unit for unit in kept)


def limit():
    """From here on this process can do nothing but reckon, for a while, in so much memory."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST, LARGEST))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    logging.disable()  # the parser's remarks on a stranger's file
    sys.addaudithook(_refuse)


def _refuse(event, arguments):
    if event in FORBIDDEN:
        raise PermissionError(f"{event} while a video is copied")


def main():
    limit()
    kind, folder = sys.argv[1:]
    with open(0, "rb", closefd=False) as source:
        try:
            found = remux(source, kind, folder)
        except RefusedError as why:
            found = {"refused": str(why)}
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main()
