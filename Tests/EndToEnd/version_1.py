"""Writes files of format version 1 as docs/file-format.md describes them, from files of today."""

import re
import struct
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import h5py
import numpy as np

from program import ROOT

WORDS = {
    "status": "pending finished diverged failed interrupted",
    "regime": "stable edge above diverged",
    "bias_correction": "no yes",
    "running_maximum": "no yes",
    "relative_step": "no yes",
}
DOCUMENT = (ROOT / "docs" / "file-format.md").read_text()
COUNTS = set(re.findall(r"^\| `(\w+)` \| run \| int64 count \|", DOCUMENT, re.MULTILINE))
LENGTHS = {
    "step": "steps_taken",
    "measurement": "measurements_taken",
    "eigenvalue": "eigenvalues_taken",
    "parameter": "weights_kept",
    "layer": "layers_taken",
    "density_node": "density_nodes_taken",
}
ABSENT_AT_ZERO = {"warmup", "layers_taken", "density_nodes_taken"}
UNKNOWN_AT_ZERO = {"batch_size", "examples", "parameters", "ranks"}
LATER = {"trajectory", "numerics", "sessions_json"}
"""Variables that have joined the format since."""
RESULTS = {"loss_increases", "hessian_products"}


class FNV1a:
    """The hash of version 1, over 64-bit words."""

    def __init__(self) -> None:
        self.state = 0xCBF29CE484222325

    def words(self, words: Iterable[int]) -> None:
        for word in words:
            self.state = (self.state ^ word) * 0x100000001B3 & 0xFFFFFFFFFFFFFFFF

    def text(self, text: str) -> None:
        data = text.encode()
        self.words([*data, len(data)])


def write(source: Path, target: Path, row: int | None = None) -> Path:
    """Writes a file of version 1 with the runs of one of today, or with one of them."""
    rows = slice(None) if row is None else slice(row, row + 1)
    with (
        h5py.File(source) as new,
        h5py.File(target, "w", libver="earliest", track_order=True) as old,
    ):
        for name, value in new.attrs.items():
            if name != "sealed_bytes":
                old.attrs[name] = value
        old.attrs["format_version"] = np.int64(1)
        names = [str(name) for name in new if str(name) not in LATER]
        for name in names:
            _copy(new, old, name, rows)
        for name in names:
            for axis, dimension in enumerate(new[name].dims):
                if not new[name].is_scale:
                    old[name].dims[axis].attach_scale(old[Path(dimension[0].name).name])
        for row, run in enumerate(new["run"].asstr()[rows]):
            old["checksum"][row] = _checksum(old, row, run)
    _seal(target)
    return target


def _copy(new: h5py.File, old: h5py.File, name: str, rows: slice) -> None:
    dataset = new[name]
    values = dataset.asstr()[()] if dataset.dtype.kind == "O" else dataset[()]
    if name == "run" or not dataset.is_scale:
        values = values[rows]
    attributes = {key: dataset.attrs[key] for key in ("long_name", "units") if key in dataset.attrs}
    fill = dataset.fillvalue
    if name in WORDS:
        words = WORDS[name].split()
        values = np.array([words.index(word) if word else -1 for word in values], dtype=np.int8)
        fill = np.int8(-1)
        attributes["flag_values"] = np.arange(len(words), dtype=np.int8)
        attributes["flag_meanings"] = WORDS[name]
    elif name in COUNTS:
        ended = np.isin(new["status"].asstr()[rows], ["finished", "diverged"])
        missing = name in ABSENT_AT_ZERO | UNKNOWN_AT_ZERO or (name in RESULTS) & ~ended
        values, fill = np.where(missing & (values == 0), -1, values), np.int64(-1)
    elif "flag_values" in dataset.attrs:
        attributes |= {key: dataset.attrs[key] for key in ("flag_values", "flag_meanings")}
    if dataset.dtype.kind == "O" and name not in WORDS:
        old.create_dataset(name, data=values.astype(object), dtype=h5py.string_dtype())
    else:
        options: dict[str, Any] = {} if values.size == 0 else {"chunks": True, "fletcher32": True}
        options |= {"compression": 1, "shuffle": True} if values.size >= 100 else {}
        old.create_dataset(name, data=values, fillvalue=fill, **options)
        if not dataset.is_scale:
            old[name].attrs["_FillValue"] = np.array([fill], dtype=values.dtype)
    for key, value in attributes.items():
        old[name].attrs[key] = value
    if dataset.is_scale:
        old[name].make_scale(name)


def _checksum(old: h5py.File, row: int, run: str) -> str:
    hashed = FNV1a()
    hashed.text(run)
    for name in sorted(set(old) - {"checksum"}):
        if old[name].is_scale:
            continue
        axes = [Path(axis[0].name).name for axis in old[name].dims][1:]
        inside = tuple(slice(max(0, int(old[LENGTHS[axis]][row]))) for axis in axes)
        if old[name].dtype.kind == "O":
            texts = np.atleast_1d(old[name].asstr()[(row, *inside)])
            if any(texts):
                hashed.text(name)
                for text in texts:
                    hashed.text(text)
            continue
        values = np.atleast_1d(old[name][(row, *inside)]).ravel()
        missing = np.isnan(values) if values.dtype.kind == "f" else values == -1
        if not missing.all():
            hashed.text(name)
            hashed.words(_words(values).tolist())
    return f"{hashed.state:016x}"


def _words(values: np.ndarray) -> np.ndarray:
    if values.dtype.kind == "f":
        doubles = values.astype(np.float64)
        return np.where(np.isnan(doubles), np.float64("nan"), doubles).view(np.uint64)
    return values.view(np.uint8 if values.dtype == np.int8 else np.uint64)


def _seal(path: Path) -> None:
    data = path.read_bytes()
    hashed = FNV1a()
    hashed.words(word for (word,) in struct.iter_unpack("<Q", data + bytes(-len(data) % 8)))
    path.write_bytes(data + b"eossweep" + struct.pack("<Q", hashed.state))
