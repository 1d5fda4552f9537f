"""Reads Tidemark's blocks: a second, independent implementation of docs/FORMAT.md, whose sections the comments name.

    pip install -r requirements.txt
    python reader.py FILE_OR_URL...                 key, timestamp and value of every reading, in order, each once
    python reader.py --series KEY FILE_OR_URL...    of one series: fetches only its frames where a block is large
    python reader.py --bits FILE_OR_URL...          values as the 16 hex digits of their bits
    python reader.py --rollups FILE_OR_URL...       the rollups that the blocks have: key, width and start of the bucket, readings, numbers
                                                    among them, minimum, maximum, sum

A URL may be a presigned one (mc share download). Several blocks given together are merged as section 6 says.
"""

import argparse
import hashlib
import os
import struct
import sys
import urllib.request
import zlib

from frames import ZSTD_MAGIC, Damaged, Unknown, float_of, need, parse, rollup, times, unzstd, values

MAX_INDEX = 64 << 20
BARE_BYTES = 8 << 20
BARE_READINGS = 1 << 22
MAGIC = bytes.fromhex("89544d42")
MAGIC_1 = bytes.fromhex("89544d420d0a1a01")


# --- Sections 2, 6, 7 and 9: objects.


class Chunk:
    """One run of one series: `age` orders runs, `time` and `value` are (offset, length, digest or None)."""

    def __init__(self, key, unit, age, time, value):
        self.key, self.unit, self.age, self.time, self.value = key, unit, age, time, value


def running(differences):
    total, out = 0, []
    for d in differences:
        total += d
        out.append(total)
    return out


class Block:
    def __init__(self, source):
        self.source = source
        size, end = source.end(65_536)
        need(end, "an empty object")
        form = end[-1]
        if form & 0x0F not in (1, 2) or form & 0xC0:
            raise Unknown(f"format version {form & 0x0F} ({form})")
        self.bare = bool(form & 0x10)
        self.rollups = []  # key, width, and place as of a chunk's frame
        self.chunks = self.format_1(size) if form == 1 else self.format_2(size, end, form)

    def format_2(self, size, end, form):
        at, length, shift = len(end) - 10, 0, 0
        while True:
            need(at >= 0 and shift < 35, "no trailer")
            length |= (end[at] & 0x7F) << shift
            if end[at] < 0x80:
                break
            at, shift = at - 1, shift + 7
        index_at = size - (len(end) - at) - length
        need(index_at >= len(MAGIC), "the index is longer than the object")
        need(not self.bare or size <= BARE_BYTES, "too long for a bare index")
        start = 0 if self.bare else index_at
        covered = self.source.get(start, size - 9 - start)
        need(hashlib.sha256(covered + bytes([form])).digest()[:8] == end[-9:-1], "the seal does not fit")
        index = covered[index_at - start : index_at - start + length]
        if not self.bare:
            index = unzstd(index, MAX_INDEX)
        elif form & 0x20:
            index = unzstd(ZSTD_MAGIC + index, BARE_BYTES)
        directory = parse("Directory", index)
        units = directory.unit or [""] * len(directory.key)
        need(len(units) == len(directory.key) and len(directory.age) % 3 == 0, "columns differ in length")
        epochs, seqs = running(directory.age[0::3]), running(directory.age[1::3])
        if not self.bare:
            self.rollups = rollups_of(directory)
        frames = bare_frames(directory, covered[:index_at]) if self.bare else full_frames(directory, len(MAGIC))
        return chunks_of(directory, frames, list(zip(directory.key, units)), list(zip(epochs, seqs)))

    def format_1(self, size):
        trailer = self.source.get(size - 44, 44)
        need(trailer[36:] == MAGIC_1, "no trailer")
        offset, length, digest, crc = struct.unpack("<QQ16sI", trailer[:36])
        need(zlib.crc32(trailer[:32]) == crc, "the trailer's CRC does not fit")
        packed = self.source.get(offset, length)
        need(hashlib.sha256(packed).digest()[:16] == digest, "the index's digest does not fit")
        index = parse("Index", unzstd(packed, MAX_INDEX))
        if index.version != 1:
            raise Unknown(f"index version {index.version}")
        series = [(key_of(s.measurement, s.field, zip(s.tag_name, s.tag_value)), s.unit) for s in index.series]
        ages = [(s.epoch, s.seq_lo) for s in index.segments]
        return chunks_of(index.directory, full_frames(index.directory, 0), series, ages)

    def frame(self, place):
        offset, length, digest = place
        data = self.source.get(offset, length)
        need(digest is None or hashlib.sha256(data).digest()[:16] == digest, f"the frame at {offset} does not fit its digest")
        return data

    def runs(self, wanted=None):
        """(key, age, timestamps, bits of values) of each chunk; a shared timestamp frame is decoded once."""
        decoded, readings = {}, 0
        for chunk in self.chunks:
            if wanted is not None and chunk.key != wanted:
                continue
            if chunk.time not in decoded:
                decoded = {chunk.time: times(self.frame(chunk.time))}
            t, v = decoded[chunk.time], values(self.frame(chunk.value))
            need(len(t) == len(v), "a chunk's columns differ in length")
            readings += len(v)
            need(not self.bare or readings <= BARE_READINGS, "too many readings for a bare index")
            yield chunk.key, chunk.age, t, v


def full_frames(directory, start):
    """Places of all frames and, of every chunk, which two of them it has."""
    n = len(directory.frame_length)
    gaps = directory.frame_gap or [0] * n
    need(len(gaps) == n and len(directory.frame_digest) == 16 * n, "the frames table's columns differ in length")
    places, end = [], start
    for i, (gap, length) in enumerate(zip(gaps, directory.frame_length)):
        places.append((end + gap, length, directory.frame_digest[16 * i : 16 * i + 16]))
        end += gap + length
    need(len(directory.time_frame) == len(directory.value_frame) == len(directory.count), "columns differ in length")
    return places, list(zip(running(directory.time_frame), running(directory.value_frame)))


def rollups_of(directory):
    n = len(directory.rollup_length)
    owners, widths = running(directory.rollup_series), running(directory.rollup_width)
    need(len(owners) == len(widths) == n and len(directory.rollup_digest) == 16 * n, "the rollups' columns differ in length")
    need(all(0 <= owner < len(directory.key) for owner in owners), "a rollup of no series")
    ends = running(directory.rollup_length)
    places = [
        (directory.rollup_offset + end - length, length, directory.rollup_digest[16 * i : 16 * i + 16])
        for i, (end, length) in enumerate(zip(ends, directory.rollup_length))
    ]
    return [(directory.key[owner], width, place) for owner, width, place in zip(owners, widths, places)]


def bare_frames(directory, body):
    """Section 7."""
    lengths = list(directory.frame_length)
    last = len(body) - len(MAGIC) - sum(lengths)
    lengths += [last] if lengths or last else []
    need(all(length > 0 for length in lengths), "the frames do not fill the object")
    ends = running(lengths)
    places = [(len(MAGIC) + end - length, length, None) for end, length in zip(ends, lengths)]
    if directory.value_frame:
        need(len(directory.time_frame) == len(directory.value_frame), "columns differ in length")
        return places, list(zip(running(directory.time_frame), running(directory.value_frame)))
    pairs, time = [], None
    for i, (offset, length, _) in enumerate(places):
        kind = parse("Frame", body[offset : offset + length]).kind
        need(kind == 1 or (kind == 2 and time is not None), f"a frame of kind {kind} in its place")
        if kind == 1:
            time = i
        else:
            pairs.append((time, i))
    return places, pairs


def chunks_of(directory, frames, series, ages):
    places, pairs = frames
    n = len(pairs)
    owners = running(directory.series) or list(range(n))
    segments = running(directory.segment) or [0] * n
    need(len(owners) == len(segments) == n, "columns differ in length")
    chunks = []
    for owner, segment, (time, value) in zip(owners, segments, pairs):
        need(0 <= owner < len(series) and 0 <= segment < len(ages), "a chunk of no series or segment")
        need(0 <= time < len(places) and 0 <= value < len(places), "a chunk without a frame")
        chunks.append(Chunk(*series[owner], ages[segment], places[time], places[value]))
    return chunks


def key_of(measurement, field, tags):
    def escape(part):
        return "".join("\\" + c if c in '.,={}"\\ ' else c for c in part)

    tags = ",".join(f"{escape(name)}={escape(value)}" for name, value in tags)
    return f"{escape(measurement)}.{escape(field)}" + (f"{{{tags}}}" if tags else "")


# --- Where objects come from.


class File:
    def __init__(self, path):
        self.file = open(path, "rb")

    def end(self, most):
        size = self.file.seek(0, os.SEEK_END)
        return size, self.get(max(0, size - most), min(size, most))

    def get(self, offset, length):
        self.file.seek(offset)
        return self.file.read(length)


class Url:
    """Ranges of an object; what was fetched of its end, which is all of a small one, is not fetched again."""

    def __init__(self, url):
        self.url, self.tail_at, self.tail = url, 0, b""

    def fetch(self, byte_range):
        request = urllib.request.Request(self.url, headers={"Range": f"bytes={byte_range}"})
        with urllib.request.urlopen(request) as answer:
            return answer.read(), answer.headers.get("Content-Range", "")

    def end(self, most):
        self.tail, place = self.fetch(f"-{most}")
        size = int(place.rpartition("/")[2]) if place else len(self.tail)
        self.tail_at = size - len(self.tail)
        return size, self.tail

    def get(self, offset, length):
        if offset < self.tail_at <= offset + length:
            missing, _ = self.fetch(f"{offset}-{self.tail_at - 1}")
            self.tail_at, self.tail = offset, missing + self.tail
        if offset >= self.tail_at:
            return self.tail[offset - self.tail_at : offset - self.tail_at + length]
        return self.fetch(f"{offset}-{offset + length - 1}")[0] if length else b""


def readings(blocks, wanted=None):
    """{key: {timestamp: bits}}: where several chunks have a timestamp of a series, the youngest counts."""
    runs = sorted((run for block in blocks for run in block.runs(wanted)), key=lambda run: run[1])
    out = {}
    for key, _, t, v in runs:
        out.setdefault(key, {}).update(zip(t, v))
    return out


def main():
    options = argparse.ArgumentParser(description="Prints the readings of Tidemark's blocks.")
    options.add_argument("source", nargs="+", help="files or URLs of blocks of one gateway")
    options.add_argument("--series", help="only this key")
    options.add_argument("--bits", action="store_true", help="values as 16 hex digits")
    options.add_argument("--rollups", action="store_true", help="the rollups, where blocks have them")
    o = options.parse_args()
    try:
        blocks = [Block(Url(s) if s.startswith(("http://", "https://")) else File(s)) for s in o.source]
        shown = (lambda bits: f"{bits:016x}") if o.bits else (lambda bits: repr(float_of(bits)))
        if o.rollups:
            for key, width, place, block in ((*each, block) for block in blocks for each in block.rollups):
                for start, count, numbers, *facts in rollup(block.frame(place))[1] if o.series in (None, key) else []:
                    print(key, width, start, count, numbers, *map(shown, facts), sep="\t")
            return
        if o.series is not None and all(chunk.key != o.series for block in blocks for chunk in block.chunks):
            sys.exit(f"no readings of {o.series} in these blocks")
        for key, column in sorted(readings(blocks, o.series).items()):
            for t, bits in sorted(column.items()):
                print(key, t, shown(bits), sep="\t")
        sys.stdout.flush()
    except (Damaged, Unknown) as error:
        sys.exit(f"{type(error).__name__.lower()}: {error}")
    except BrokenPipeError:  # whoever read the output has enough of it
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as error:  # no such file, HTTP 403, no connection
        sys.exit(f"cannot read: {error}")


if __name__ == "__main__":
    main()
