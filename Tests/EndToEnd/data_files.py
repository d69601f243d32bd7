"""Small data files for the tests, and jobs that read them."""

import struct
from pathlib import Path

import h5py
import numpy as np

from program import Program

JOB = """\
name: data
data: {data}
model: {model}
loss: {loss}
optimizer: gd
learning_rate: 0.01
stop: {{steps: 2}}
measure: {{every: 1, top: 1}}
{more}
"""


def job(
    folder: Path,
    data: str,
    loss: str = "mse",
    model: str = "{name: mlp, hidden: [4]}",
    more: str = "",
) -> Path:
    """A job of few steps on some data."""
    path = folder / "job.yaml"
    path.write_text(JOB.format(data=data, model=model, loss=loss, more=more))
    return path


def plan(program: Program, folder: Path, data: str, status: int = 0, **keys: str) -> str:
    """What `plan` prints for a job on some data, on both streams."""
    done = program.run("plan", job(folder, data, **keys), status=status, seconds=60)
    return done.stdout + done.stderr


def plan_hdf5(
    program: Program,
    folder: Path,
    arrays: dict[str, np.ndarray],
    status: int = 0,
    data: str = "",
    **keys: str,
) -> str:
    """The same for arrays in a file `own.h5`; `data` are further keys."""
    path = store(folder / "own.h5", **arrays)
    return plan(program, folder, f"{{name: hdf5, path: {path}{data}}}", status, **keys)


def store(path: Path, **arrays: np.ndarray) -> Path:
    """Writes arrays under their names."""
    with h5py.File(path, "w") as file:
        for name, array in arrays.items():
            file[name] = array
    return path


def inputs(count: int = 12, width: int = 3) -> np.ndarray:
    """Numbers of which no row is like another, and which compress well."""
    return np.tile(np.arange(count, dtype="float32")[:, None] / 8 + 0.25, (1, width))


def labels(count: int = 12, classes: int = 3) -> np.ndarray:
    """Each class in turn."""
    return np.arange(count) % classes


def idx(path: Path, array: np.ndarray, kind: int = 8) -> Path:
    """Writes an array in IDX format."""
    header = struct.pack(">BBBB", 0, 0, kind, array.ndim) + struct.pack(
        f">{array.ndim}I", *array.shape
    )
    path.write_bytes(header + array.astype("uint8" if kind == 8 else ">f4").tobytes())
    return path


def mnist(
    folder: Path, labels: np.ndarray, prefix: str = "train", names: str = "{}-{}-idx{}-ubyte"
) -> None:
    """Images of 4 x 4 with these labels, under MNIST's names."""
    folder.mkdir(parents=True, exist_ok=True)
    images = np.arange(len(labels) * 16).reshape(-1, 4, 4) * 7 % 251 + (prefix == "train")
    idx(folder / names.format(prefix, "images", 3), images)
    idx(folder / names.format(prefix, "labels", 1), np.asarray(labels))


def cifar10(path: Path, labels: np.ndarray, shift: int = 0) -> Path:
    """Records of CIFAR-10 with these labels."""
    path.parent.mkdir(parents=True, exist_ok=True)
    pixels = np.arange(3072) * 7 + (np.arange(len(labels))[:, None] + shift) * 31
    records = np.concatenate([np.asarray(labels)[:, None], pixels % 256], axis=1)
    path.write_bytes(records.astype("uint8").tobytes())
    return path
