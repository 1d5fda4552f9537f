"""Frames of Tidemark's blocks: docs/FORMAT.md, sections 3 to 5. Bytes in, timestamps and the bits of values out."""

import struct

import zstandard
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

MAX_CHUNK = 131_072
ZSTD_MAGIC = bytes.fromhex("28b52ffd")


class Damaged(Exception):
    """The bytes are not what a writer writes."""


class Unknown(Exception):
    """Written by a newer version."""


def need(condition, what):
    if not condition:
        raise Damaged(what)


# --- The messages of shared/proto/block.proto, without protoc: name, number and type of each field; "*" is repeated.

MESSAGES = {
    "Frame": "kind 1 uint32, encoding 2 uint32, count 3 uint32, data 4 bytes",
    "Directory": "series 1 sint32*, segment 2 sint32*, count 3 uint32*, t_min 4 sint64*, t_span 5 uint64*, time_frame 6 sint32*, "
    "value_frame 7 sint32*, zone 8 bytes*, sum 9 bytes*, frame_gap 10 sint64*, frame_length 11 uint32*, frame_digest 12 bytes, "
    "key 13 string*, unit 14 string*, age 15 sint64*, rollup_offset 16 uint64, rollup_series 17 sint32*, rollup_width 18 sint64*, "
    "rollup_length 19 uint32*, rollup_digest 20 bytes, nan 21 uint32*",
    "SeriesEntry": "measurement 1 string, field 2 string, tag_name 3 string*, tag_value 4 string*, unit 5 string",
    "SegmentEntry": "epoch 1 uint64, seq_lo 2 uint64, seq_hi 3 uint64",
    "Index": "version 1 uint32, gateway 2 string, day 3 sint64, block_id 4 string, readings 5 uint64, "
    "series 6 SeriesEntry*, segments 7 SegmentEntry*, directory 8 Directory",
}


def message_classes():
    file = descriptor_pb2.FileDescriptorProto(name="block.proto", package="tidemark.v1", syntax="proto3")
    kinds = descriptor_pb2.FieldDescriptorProto
    for name, fields in MESSAGES.items():
        message = file.message_type.add(name=name)
        for field in fields.split(", "):
            label, number, kind = field.split()
            repeated = kind.endswith("*")
            kind = kind.rstrip("*")
            entry = message.field.add(name=label, number=int(number), label=3 if repeated else 1)
            if kind in MESSAGES:
                entry.type, entry.type_name = kinds.TYPE_MESSAGE, f".tidemark.v1.{kind}"
            else:
                entry.type = kinds.Type.Value(f"TYPE_{kind.upper()}")
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return {name: message_factory.GetMessageClass(pool.FindMessageTypeByName(f"tidemark.v1.{name}")) for name in MESSAGES}


CLASSES = message_classes()


def parse(name, data):
    try:
        return CLASSES[name].FromString(data)
    except Exception as error:
        raise Damaged(f"no {name} message: {error}") from error


def unzstd(data, most):
    try:
        with zstandard.ZstdDecompressor(max_window_size=1 << 24).stream_reader(data) as stream:
            plain = stream.read(most + 1)
    except zstandard.ZstdError as error:
        raise Damaged(f"no zstd frame: {error}") from error
    need(len(plain) <= most, "it decompresses to more than it may")
    return plain


# --- Section 3: what encodings are made of.


class Bytes:
    def __init__(self, data):
        self.data, self.at = data, 0

    def take(self, n):
        need(n <= len(self.data) - self.at, "it ends early")
        self.at += n
        return self.data[self.at - n : self.at]

    def u8(self):
        return self.take(1)[0]

    def varint(self):
        value = shift = 0
        while True:
            byte = self.u8()
            value |= (byte & 0x7F) << shift
            shift += 7
            need(value <= 1 << 53 and shift <= 56, "an integer is beyond 2^53")
            if byte < 0x80:
                return value

    def integer(self):
        head = self.u8()
        need(head & 0x7F <= 15, "an integer is beyond 2^53")
        value = self.varint() * 10 ** (head & 0x7F)
        need(value <= 1 << 53, "an integer is beyond 2^53")
        return -value if head & 0x80 else value

    def section(self, most):
        head = self.varint()
        data = self.take(head // 2)
        return unzstd(ZSTD_MAGIC + data, most) if head % 2 else data

    def end(self):
        need(self.at == len(self.data), "bytes are left over")


def unzigzag(u):
    return -((u + 1) // 2) if u % 2 else u // 2


def integers(data, count):
    """3.2"""
    head = data.u8()
    order, layout = head >> 4, head & 15
    need(order <= 2 and order <= count, f"differences of order {order}")
    seeds = [data.integer() for _ in range(order)]
    base = data.integer()
    n = count - order
    if layout == 0:
        residuals = [base] * n
    else:
        scale = data.integer()
        payload = data.section(1 + 7 * n)
        need(payload, "an empty payload")
        width, payload = payload[0], payload[1:]
        if layout == 1:
            need(1 <= width <= 7 and len(payload) == width * n, "byte planes do not fit the count")
            planes = [payload[p * n : (p + 1) * n] for p in range(width)]
            residuals = [base + scale * unzigzag(sum(planes[p][i] << 8 * p for p in range(width))) for i in range(n)]
        elif layout == 2:
            need(1 <= width <= 53 and len(payload) == (n * width + 7) // 8, "packed bits do not fit the count")
            bits, mask = int.from_bytes(payload, "little"), (1 << width) - 1
            residuals = []
            for start in range(0, n, 512):  # in pieces, since shifting one long integer takes time with its length
                piece = (bits >> start * width) & ((1 << 512 * width) - 1)
                residuals += [base + scale * (piece >> i * width & mask) for i in range(min(512, n - start))]
        else:
            raise Unknown(f"layout {layout}")
    if order == 0:
        return residuals
    column = list(seeds)
    step = seeds[1] - seeds[0] if order == 2 else 0
    for r in residuals:
        step = step + r if order == 2 else r
        column.append(column[-1] + step)
    return column


def floats(data, count):
    """Value encoding 3, as the bits of the values."""
    transform = data.u8()
    payload = data.section(8 * count)
    need(len(payload) == 8 * count, "floats do not fit the count")
    if transform == 0:
        return list(struct.unpack(f"<{count}Q", payload))
    need(transform in (1, 2), f"float transform {transform}")
    rows = bytearray(8 * count)
    for p in range(8):
        rows[p::8] = payload[p * count : (p + 1) * count]
    bits = list(struct.unpack(f"<{count}Q", rows))
    if transform == 2:
        for i in range(1, count):
            bits[i] ^= bits[i - 1]
    return bits


# --- Sections 4 and 5: frames.


NAN, MINUS_ZERO = 0x7FF8_0000_0000_0000, 1 << 63


def bits_of(value):
    return struct.unpack("<Q", struct.pack("<d", value))[0]


def float_of(bits):
    return struct.unpack("<d", struct.pack("<Q", bits))[0]


def open_frame(frame, kind):
    message = parse("Frame", frame)
    need(message.kind == kind, f"a frame of kind {message.kind}, not {kind}")
    need(1 <= message.count <= MAX_CHUNK, f"{message.count} entries")
    return message.encoding, message.count, Bytes(message.data)


def times(frame):
    encoding, count, data = open_frame(frame, 1)
    if encoding == 1:
        column = [data.integer()]
        for step in integers(data, count - 1) if count > 1 else []:
            column.append(column[-1] + step)
    elif encoding == 2:
        column = [int(float_of(bits)) for bits in floats(data, count)]
    else:
        raise Unknown(f"timestamp encoding {encoding}")
    data.end()
    need(all(a < b for a, b in zip(column, column[1:])), "timestamps do not ascend")
    return column


def values(frame):
    """The bits of the values: a NaN's payload does not survive everything that Python does with floats."""
    encoding, count, data = open_frame(frame, 2)
    column = column_of(encoding, count, data)
    data.end()
    return column


def column_of(encoding, count, data):
    if encoding == 1:
        return list(struct.unpack("<Q", data.take(8))) * count
    if encoding == 2:
        return scaled(data, count, 10, 10)
    if encoding == 3:
        return floats(data, count)
    if encoding == 4:
        return scaled(data, count, 2, 255)
    if encoding == 5:
        return dictionary(data, count)
    raise Unknown(f"value encoding {encoding}")


def dictionary(data, count):
    entries, encoding = data.varint(), data.u8()
    need(1 <= entries <= count, f"a dictionary of {entries} values")
    if not 1 <= encoding <= 3:
        raise Unknown(f"a dictionary in the encoding {encoding}")
    inner = Bytes(data.take(data.varint()))
    known = column_of(encoding, entries, inner)
    inner.end()
    places = integers(data, count)
    need(all(0 <= place < entries for place in places), "no such value in the dictionary")
    return [known[place] for place in places]


def rollup(frame):
    """5.2: of each bucket its start, its readings, how many of them are numbers, and the bits of minimum, maximum and sum."""
    encoding, n, data = open_frame(frame, 3)
    if encoding not in (1, 2):
        raise Unknown(f"rollup encoding {encoding}")
    width, starts = data.integer(), [data.integer()]
    need(width >= 1, "buckets without a width")
    for step in integers(data, n - 1) if n > 1 else []:
        need(step >= 1, "buckets do not ascend")
        starts.append(starts[-1] + step)
    counts, nans = integers(data, n), integers(data, n)
    need(all(0 <= nan <= count and count >= 1 for count, nan in zip(counts, nans)), "a bucket without readings")
    extremes, sums = [values(frame) if frame else [] for frame in (data.take(data.varint()), data.take(data.varint()))]
    data.end()
    numbers = [count - nan for count, nan in zip(counts, nans)]
    # Encoding 1 has all facts of all buckets, 2 only those that do not follow from how many numbers a bucket has.
    some, more = [n, n] if encoding == 1 else [sum(of >= least for of in numbers) for least in (1, 2)]
    need(len(extremes) == some + more and len(sums) == more, "a rollup's columns differ in length")
    minima, maxima, totals = iter(extremes[:some]), iter(extremes[some:]), iter(sums)
    buckets = []
    for k, count, of in zip(starts, counts, numbers):
        least = next(minima) if encoding == 1 or of >= 1 else NAN
        most = next(maxima) if encoding == 1 or of >= 2 else least
        total = next(totals) if encoding == 1 or of >= 2 else 0 if least in (NAN, MINUS_ZERO) else least
        buckets.append((k * width, count, of, least, most, total))
    return width, buckets


def scaled(data, count, base, most):
    exponent, patches = data.u8(), data.varint()
    need(exponent <= most and patches <= count, "a scale or patches beyond what there is")
    patched = Bytes(data.section(20 * patches)) if patches else Bytes(b"")
    scale = float(base**exponent)
    column = [bits_of(float(n) / scale) for n in integers(data, count)]
    at = 0
    for _ in range(patches):
        at += patched.varint()
        need(at < count, "a patch lies behind the last value")
        code = patched.varint()
        if code == 0:
            (column[at],) = struct.unpack("<Q", patched.take(8))
        else:
            need(code // 2 <= 64, "a patch moves a value too far")
            column[at] += code // 2 if code % 2 else -(code // 2)
        at += 1
    patched.end()
    return column
