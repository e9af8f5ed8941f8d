"""A tree as static files (C2SP tlog-tiles): paths, entry bundles, growing, and reading hashes back. Pure.

Whoever reads gives `read(path) -> bytes`, which raises FileNotFoundError; so the same code reads a folder and a web
address. Hashes read from tiles are as good as their files: compare the root with a signed checkpoint.
"""

import struct
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from credits.log import merkle
from credits.log.faults import Fault

WIDTH = 256  # hashes a tile
HEIGHT = 8  # levels of the tree a tile
ENTRY_SIZE_MAX = 0xFFFF  # what a uint16 of length can say
CACHED_TILES = 512  # 4 MB; a consistency proof reads fewer than 20

Read = Callable[[str], bytes]


def number_path(number: int) -> str:
    """Return a tile's number in groups of three digits, as in x001/x234/067."""
    if number < 0:
        raise ValueError("Tiles are counted from zero.")
    groups = [f"{number % 1000:03d}"]
    while number := number // 1000:
        groups.append(f"x{number % 1000:03d}")
    return "/".join(reversed(groups))


def tile_path(level: int, number: int, width: int = WIDTH) -> str:
    """Return the path of a tile of hashes; partial ones carry their width."""
    return f"tile/{level}/{number_path(number)}{_suffix(width)}"


def bundle_path(number: int, width: int = WIDTH) -> str:
    """Return the path of a bundle of entries."""
    return f"tile/entries/{number_path(number)}{_suffix(width)}"


def width_of(level: int, number: int, size: int) -> int:
    """Return how many hashes a tile has in a tree of `size` entries; zero when it has none."""
    return max(0, min(WIDTH, (size >> (HEIGHT * level)) - number * WIDTH))


def levels_of(size: int) -> int:
    """Return how many levels of tiles a tree of `size` entries has."""
    levels = 0
    while size >> (HEIGHT * levels):
        levels += 1
    return levels


def paths_of(size: int) -> Iterator[str]:
    """Yield the path of every tile and bundle of a tree of `size` entries."""
    for number in range(-(-size // WIDTH)):
        yield bundle_path(number, width_of(0, number, size))
    for level in range(levels_of(size)):
        for number in range(-(-(size >> (HEIGHT * level)) // WIDTH)):
            yield tile_path(level, number, width_of(level, number, size))


def pack(entries: Sequence[bytes]) -> bytes:
    """Return a bundle; ValueError when an entry is too long or there are too many."""
    if len(entries) > WIDTH or any(len(entry) > ENTRY_SIZE_MAX for entry in entries):
        raise ValueError("A bundle holds at most 256 entries of at most 65,535 bytes.")
    return b"".join(struct.pack(">H", len(entry)) + entry for entry in entries)


def unpack(data: bytes, count: int) -> list[bytes]:
    """Return the first `count` entries of a bundle; Fault when there are fewer, or bytes over in a bundle of `count`.

    A full bundle may serve for a partial one, so more whole entries may follow.
    """
    entries: list[bytes] = []
    place = 0
    while place < len(data) and len(entries) < WIDTH:
        end = place + 2 + int.from_bytes(data[place : place + 2], "big")
        if len(data) < place + 2 or end > len(data):
            raise Fault("bundle-malformed", "cut off")
        entries.append(data[place + 2 : end])
        place = end
    if place != len(data) or len(entries) < count:
        raise Fault("bundle-malformed", f"{len(entries)} entries for {count}")
    return entries[:count]


@dataclass(frozen=True, slots=True)
class Growth:
    """What a tree becomes by new entries: the files to write, full tiles before what stands on them."""

    size: int
    root: bytes
    files: tuple[tuple[str, bytes], ...]


def grow(size: int, entries: Sequence[bytes], read: Read) -> Growth:
    """Return the growth of a tree of `size` entries by new ones; what its last tiles hold is read, never guessed."""
    last, width = divmod(size, WIDTH)
    before = unpack(_read_wide(read, bundle_path, last, width), width) if width else []
    files = _bundles(last, [*before, *entries])
    new = [merkle.leaf_hash(entry) for entry in entries]
    held: dict[str, bytes] = {}
    total = size + len(entries)
    for level in range(levels_of(total)):
        new = _grow_level(level, size, new, read, held)
    files += held.items()

    def fresh_or_read(path: str) -> bytes:
        return held[path] if path in held else read(path)

    return Growth(total, Tiles(fresh_or_read, total).root(), tuple(files))


def _bundles(first: int, entries: Sequence[bytes]) -> list[tuple[str, bytes]]:
    files = []
    for start in range(0, len(entries), WIDTH):
        part = entries[start : start + WIDTH]
        files.append((bundle_path(first + start // WIDTH, len(part)), pack(part)))
    return files


def _grow_level(level: int, size: int, new: list[bytes], read: Read, held: dict[str, bytes]) -> list[bytes]:
    """Put the tiles of one level into `held`; return the new hashes of the next level."""
    first, width = divmod(size >> (HEIGHT * level), WIDTH)
    if not new:
        return []
    data = _read_wide(read, partial(tile_path, level), first, width) if width else b""
    data = data[: width * merkle.HASH_SIZE] + b"".join(new)
    above = []
    span = WIDTH * merkle.HASH_SIZE
    for start in range(0, len(data), span):
        tile = data[start : start + span]
        held[tile_path(level, first + start // span, len(tile) // merkle.HASH_SIZE)] = tile
        if len(tile) == span:
            above.append(merkle.root_of(_hashes(tile)))
    return above


class Tiles:
    """The tree of a checkpoint's size, read from its tiles."""

    def __init__(self, read: Read, size: int) -> None:
        self._read = read
        self.size = size
        self._cache: OrderedDict[tuple[int, int], bytes] = OrderedDict()

    def root(self) -> bytes:
        """Return the root over all."""
        return self.subtree(0, self.size)

    def subtree(self, start: int, end: int) -> bytes:
        """Return the root over a range as proofs cut a tree: `start` is a multiple of the range's largest power of two.

        Fault when a tile is missing or short.
        """
        if start == end == 0:
            return merkle.EMPTY_ROOT
        parts = []
        while start < end:
            height = (end - start).bit_length() - 1
            parts.append(self._complete(height, start >> height))
            start += 1 << height
        found = parts.pop()
        while parts:
            found = merkle.node_hash(parts.pop(), found)
        return found

    def leaf(self, index: int) -> bytes:
        """Return the hash of one entry, as the tile says it."""
        return self._complete(0, index)

    def inclusion_path(self, index: int) -> list[bytes]:
        """Return the proof that an entry is in this tree."""
        return merkle.inclusion_path(index, self.size, self.subtree)

    def consistency_path(self, old: int) -> list[bytes]:
        """Return the proof that the tree of `old` entries is this one's beginning; of nothing there is none to give."""
        return merkle.consistency_path(old, self.size, self.subtree) if old else []

    def entries(self, start: int, end: int) -> Iterator[bytes]:
        """Yield entries as the bundles hold them; nothing says yet that the tree has them."""
        for number in range(start // WIDTH, -(-end // WIDTH)):
            width = width_of(0, number, self.size)
            bundle = unpack(_read_wide(self._read, bundle_path, number, width), width)
            yield from bundle[max(0, start - number * WIDTH) : end - number * WIDTH]

    def tile(self, level: int, number: int) -> bytes:
        """Return the hashes of one tile, as many as a tree of this size has there."""
        if found := self._cache.get((level, number)):
            self._cache.move_to_end((level, number))
            return found
        width = width_of(level, number, self.size)
        data = _read_wide(self._read, partial(tile_path, level), number, width)
        if len(data) % merkle.HASH_SIZE or not width <= len(data) // merkle.HASH_SIZE <= WIDTH:
            raise Fault("tile-malformed", tile_path(level, number, width))
        self._cache[level, number] = data = data[: width * merkle.HASH_SIZE]
        if len(self._cache) > CACHED_TILES:
            self._cache.popitem(last=False)
        return data

    def _complete(self, height: int, number: int) -> bytes:
        """Return the root of the `number`-th complete subtree of 2^height entries."""
        level, rest = divmod(height, HEIGHT)
        tile, place = divmod(number << rest, WIDTH)
        data = self.tile(level, tile)
        return merkle.root_of(_hashes(data[place * merkle.HASH_SIZE : (place + (1 << rest)) * merkle.HASH_SIZE]))


def _read_wide(read: Read, path: Callable[[int, int], str], number: int, width: int) -> bytes:
    """Read a partial file, or the full one that has taken its place."""
    try:
        return read(path(number, width))
    except FileNotFoundError:
        if width == WIDTH:
            raise Fault("file-missing", path(number, width)) from None
    try:
        return read(path(number, WIDTH))
    except FileNotFoundError:
        raise Fault("file-missing", path(number, width)) from None


def _hashes(data: bytes) -> list[bytes]:
    return [data[place : place + merkle.HASH_SIZE] for place in range(0, len(data), merkle.HASH_SIZE)]


def _suffix(width: int) -> str:
    if not 0 < width <= WIDTH:
        raise ValueError("A tile holds from 1 to 256.")
    return "" if width == WIDTH else f".p/{width}"
