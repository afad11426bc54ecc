"""Opens a media file, chooses its streams and decodes them past broken packets (PyAV)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import Any, Literal

from reelcast.errors import MediaError, MediaLimitError, NotFoundError
from reelcast.packages import require
from reelcast.settings import TaggingSettings

# Playlists, devices and pictures are left out: they would open other files, or are no video.
FORMATS = (
    "aac,ac3,aiff,amr,asf,ass,avi,caf,dv,eac3,flac,flv,gif,h264,h263,hevc,ivf,live_flv,m4v,"
    "matroska,webm,mjpeg,mov,mp4,m4a,3gp,3g2,mj2,mp3,mpeg,mpegts,mpegvideo,mxf,nut,obu,ogg,rm,"
    "swf,tta,vc1,w64,wav,wv,y4m,yuv4mpegpipe"
)
MAX_FRAME_PX = 70_000_000  # of one picture: an 8K frame has 33 million


@contextmanager
def opened(path: Path, settings: TaggingSettings) -> Iterator[Any]:
    """The file as av's InputContainer, closed after use.

    Raises NotFoundError, MediaLimitError (bytes), MediaError (no media file that can be read).
    """
    av = require("av")
    av.logging.set_level(av.logging.PANIC)  # what matters becomes a note or an error
    _check_bytes(path, settings)
    options = {"protocol_whitelist": "file", "format_whitelist": FORMATS}
    try:
        container = av.open(f"file:{path}", options=options, metadata_errors="replace")
    except av.error.MemoryError:
        raise
    except av.error.FFmpegError as exc:
        raise MediaError(
            f"{path}: no video or sound file that can be read ({exc.strerror}): it is of another "
            "kind, cut off at its start, or damaged; export it anew, as MP4 say"
        ) from exc
    with container:
        yield container


def _check_bytes(path: Path, settings: TaggingSettings) -> None:
    if not path.is_file():
        raise NotFoundError(f"{path} is no file: check its name")
    size = path.stat().st_size
    if size == 0:
        raise MediaError(f"{path}: is empty (0 bytes): copy or export it anew")
    if size > settings.max_bytes:
        raise MediaLimitError(
            f"{path}: {size:,} bytes, more than tagging.max_bytes = {settings.max_bytes:,}: "
            "make it smaller, or raise the limit"
        )


def stream_of(container: Any, kind: Literal["video", "audio"]) -> Any | None:
    """The default stream of its kind, else the first; None where no stream can be decoded.

    Covers and thumbnails are no video; a track without samples counts only where all are such.
    """
    found = [s for s in container.streams if s.type == kind and _can_decode(s)]
    found.sort(key=lambda s: (_is_empty(s), not s.disposition & 1, s.index))
    return found[0] if found else None


def _can_decode(stream: Any) -> bool:
    flags = require("av").stream.Disposition
    if stream.disposition & (flags.attached_pic | flags.timed_thumbnails):
        return False
    of = stream.codec_context
    if of is None:
        return False
    return bool(of.width and of.height) if stream.type == "video" else bool(of.layout.nb_channels)


def _is_empty(stream: Any) -> bool:
    """Whether a format that lists its samples lists none of this stream."""
    lists: bool = stream.container.format.name.startswith("mov")
    return lists and not stream.frames


def origin_s(container: Any) -> float:
    """The time in the file that counts as 0, for pictures and sound alike."""
    return (container.start_time or 0) / 1_000_000


def packets(container: Any, streams: Any, wrong: Counter[str]) -> Iterator[Any]:
    """The streams' packets in the file's order, until the end or where it cannot be read on."""
    errors = require("av").error
    try:
        yield from container.demux(streams)
    except errors.MemoryError:
        raise
    except errors.FFmpegError:
        wrong["unreadable end"] += 1


def decoded(container: Any, stream: Any, wrong: Counter[str]) -> Iterator[Any]:
    """The stream's frames in the order of display; what could not be decoded is counted."""
    errors = require("av").error
    for packet in chain(packets(container, stream, wrong), (None,)):
        try:
            yield from stream.decode(packet)
        except errors.EOFError:  # the decoder was emptied by the file's last packet
            return
        except errors.MemoryError:
            raise
        except errors.FFmpegError:
            wrong["broken packets"] += 1
