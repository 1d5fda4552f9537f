"""Prints what pcodec and Parquet take for the columns in a file that sizes.ts wrote, as one JSON object of bytes."""

import io
import json
import struct
import sys

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from pcodec import ChunkConfig, standalone


def runs(data):
    at = 0
    while at < len(data):
        series, n = struct.unpack_from("<II", data, at)
        t = np.frombuffer(data, "<f8", n, at + 8).astype(np.int64)
        v = np.frombuffer(data, "<f8", n, at + 8 + 8 * n)
        at += 8 + 16 * n
        yield series, t, v


def pcodec_bytes(column):
    """Bare, at its highest level."""
    return len(standalone.simple_compress(column, ChunkConfig(compression_level=12)))


def parquet_bytes(found):
    """All in one file, a row for each time and a column for each series, with the encodings that suit readings best."""
    rows = {}
    for series, t, v in found:
        for time, value in zip(t.tolist(), v.tolist()):
            rows.setdefault(time, {})[series] = value
    times = sorted(rows)
    columns = {"t": pa.array(times, pa.int64())}
    encoding = {"t": "DELTA_BINARY_PACKED"}
    for name in sorted({series for series, _, _ in found}):
        columns[str(name)] = pa.array([rows[time].get(name) for time in times], pa.float64())
        encoding[str(name)] = "BYTE_STREAM_SPLIT"
    out = io.BytesIO()
    pq.write_table(
        pa.table(columns),
        out,
        compression="zstd",
        compression_level=9,
        use_dictionary=False,
        column_encoding=encoding,
    )
    return out.tell()


found = list(runs(open(sys.argv[1], "rb").read()))
# Series of one source share their timestamps: counted once, as in a table.
times = {t.tobytes(): t for _, t, _ in found}.values()
pcodec = sum(map(pcodec_bytes, times)) + sum(pcodec_bytes(v) for _, _, v in found)
print(json.dumps({"pcodec": pcodec, "parquet": parquet_bytes(found)}))
