"""Users' own arrays: what is read, what is refused and why, and what is worth a note."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import h5py
import numpy as np
import pytest

from data_files import inputs, job, labels, plan, plan_hdf5, store
from program import Program

# MARK: - What the data is


@pytest.mark.fault("D-F4", "D-F6")
def test_plan_and_run_say_what_the_data_is(program: Program, tmp_path: Path):
    path = store(
        tmp_path / "own.h5",
        x=inputs(12, 27).reshape(12, 3, 3, 3),
        y=labels(),
        x_test=inputs(4, 27).reshape(4, 3, 3, 3) + 1,
        y_test=labels(4),
    )
    line = (
        f"data: hdf5 {path}: 12 examples of 27 features, images of 3 x 3 x 3: "
        "3 channels of 3 rows and 3 columns; 3 classes of 4 examples; test set of 4 examples."
    )
    made = job(tmp_path, f"{{name: hdf5, path: {path}}}")
    assert line in program.run("plan", made).stdout.splitlines()
    assert line in program.run("run", made, "-o", tmp_path / "out").stderr.splitlines()
    assert program.run("run", made, "-o", tmp_path / "two", ranks=2).stderr.count(line) == 1


def test_synthetic_data_is_described_too(program: Program, tmp_path: Path):
    said = plan(program, tmp_path, "{name: chebyshev, points: 20}")
    assert "data: chebyshev: 20 examples of 1 feature; 1 value to regress; no test set." in said
    said = plan(
        program,
        tmp_path,
        "{name: gaussian-mixture, examples: 7, features: 5, classes: 3, test_examples: 2}",
    )
    assert "7 examples of 5 features; 3 classes (examples of each: 0: 3, 1: 2, 2: 2)" in said
    assert "test set of 2 examples" in said


@pytest.mark.fault("D-W1")
def test_many_classes_keep_the_line_short(program: Program, tmp_path: Path):
    ages = np.arange(18, 88)
    said = plan_hdf5(program, tmp_path, {"x": inputs(70), "y": ages})
    assert "88 classes of 0 to 1 examples" in said
    assert "18 of the 88 classes have no example: 0, 1, 2, 3 and others" in said
    assert "taken for 88 classes; values to regress are floating-point numbers" in said


# MARK: - Data that is not there


def never_written(folder: Path) -> Path:
    with h5py.File(folder / "own.h5", "w") as file:
        file.create_dataset("x", (12, 3), dtype="float32")
        file["y"] = labels()
    return folder / "own.h5"


def written_in_part(folder: Path) -> Path:
    with h5py.File(folder / "own.h5", "w") as file:
        x = file.create_dataset("x", (12, 3), dtype="float32", chunks=(4, 3), compression="gzip")
        x[:4] = inputs(4)
        file["y"] = labels()
    return folder / "own.h5"


def labels_never_written(folder: Path) -> Path:
    with h5py.File(folder / "own.h5", "w") as file:
        file["x"] = inputs()
        file.create_dataset("y", (12,), dtype="int64", chunks=True)
    return folder / "own.h5"


def virtual(folder: Path, rows: int = 6, sources: tuple[str, ...] = ("a.h5", "b.h5")) -> Path:
    layout = h5py.VirtualLayout((12, 3), "float32")
    for index, name in enumerate(sources):
        layout[6 * index : 6 * index + 6] = h5py.VirtualSource(name, "x", (6, 3))
    store(folder / "a.h5", x=inputs(6))
    if rows:
        store(folder / "b.h5", x=inputs(rows) + 1)
    with h5py.File(folder / "own.h5", "w") as file:
        file.create_virtual_dataset("x", layout)
        file["y"] = labels()
    return folder / "own.h5"


def virtual_of_nothing(folder: Path) -> Path:
    path = virtual(folder)
    with h5py.File(folder / "b.h5", "w") as file:
        file.create_dataset("x", (6, 3), dtype="float32")
    return path


def external(folder: Path, count: int) -> Path:
    raw = folder / "raw.bin"
    raw.write_bytes(inputs().tobytes()[:count])
    with h5py.File(folder / "own.h5", "w") as file:
        file.create_dataset("x", (12, 3), dtype="float32", external=[(str(raw), 0, 144)])
        file["y"] = labels()
    return folder / "own.h5"


@pytest.mark.fault("D-F7")
def test_numbers_that_are_not_there_are_refused(program: Program, tmp_path: Path):
    cases = [
        (never_written, "has x, which was never written"),
        (written_in_part, "1 of its 3 chunks are there"),
        (labels_never_written, "has y, which was never written"),
        (lambda folder: virtual(folder, rows=0), "takes its numbers from the file b.h5, which"),
        (lambda folder: virtual(folder, rows=5), "one is shorter than it was"),
        (lambda folder: virtual(folder, sources=("a.h5",)), "give only 18 of its 36 numbers"),
        (virtual_of_nothing, "b.h5, which was never written"),
        (lambda folder: external(folder, 60), "raw.bin, which ends too early"),
    ]
    refuses(program, tmp_path, {case: sentence for case, sentence in cases})


def refuses(program: Program, folder: Path, cases: dict[Callable[[Path], Path], str]) -> None:
    """Each file, made in a folder of its own, is refused with its sentence; one job has all."""
    sentences = {}
    for number, (make, sentence) in enumerate(cases.items()):
        inner = folder / str(number)
        inner.mkdir()
        sentences[make(inner)] = sentence
    grid = f"grid: [{{data.path: [{', '.join(map(str, sentences))}]}}]"
    said = program.run("plan", job(folder, "{name: hdf5}", more=grid), status=2).stderr
    for path, sentence in sentences.items():
        line = next((line for line in said.splitlines() if f"{path} " in line), "")
        assert sentence in line, said


def test_numbers_that_are_there_are_read(program: Program, tmp_path: Path):
    """Compressed chunks, chunks over the edge, virtual, external: all the same numbers."""
    plain = store(tmp_path / "plain.h5", x=np.concatenate([inputs(6), inputs(6) + 1]), y=labels())
    whole = virtual(tmp_path).rename(tmp_path / "virtual.h5")
    with h5py.File(tmp_path / "chunked.h5", "w") as file, h5py.File(plain) as source:
        file.create_dataset("x", data=source["x"], chunks=(5, 2), compression="gzip", shuffle=True)
        file.create_dataset("y", data=source["y"], chunks=(5,), fletcher32=True)
    (tmp_path / "raw.bin").write_bytes(h5py.File(plain)["x"][:].tobytes())
    with h5py.File(tmp_path / "external.h5", "w") as file:
        file.create_dataset(
            "x", (12, 3), dtype="float32", external=[(str(tmp_path / "raw.bin"), 0, 144)]
        )
        file["y"] = h5py.ExternalLink("plain.h5", "/y")
    losses = losses_of(
        program, tmp_path, [plain, whole, tmp_path / "chunked.h5", tmp_path / "external.h5"]
    )
    assert np.ptp(losses, axis=0).max() == 0


def losses_of(program: Program, folder: Path, paths: list[Path], loss: str = "mse") -> np.ndarray:
    """The training losses of a run on each file."""
    grid = f"grid: [{{data.path: [{', '.join(map(str, paths))}]}}]"
    made = job(folder, "{name: hdf5}", loss=loss, more=grid)
    program.run("run", made, "-o", folder / "out")
    with h5py.File(folder / "out" / "sweep.h5") as file:
        found = file["train_loss"][:]
    assert len(found) == len(paths)
    return found


# MARK: - Types


@pytest.mark.fault("D-F9")
def test_every_number_type_is_read(program: Program, tmp_path: Path):
    x = np.arange(36).reshape(12, 3) % 2
    plain = store(tmp_path / "plain.h5", x=x.astype("float32"), y=labels(12, 2))
    paths = [plain]
    types = [
        "i1",
        "u1",
        "i2",
        "u2",
        "i4",
        "u4",
        "i8",
        "u8",
        ">u2",
        ">i4",
        "f2",
        ">f2",
        "f4",
        "f8",
        ">f8",
        "g",
        "?",
    ]
    for number, name in enumerate(types):
        integer = name if np.dtype(name).kind in "iub" else "u2"
        paths.append(
            store(tmp_path / f"{number}.h5", x=x.astype(name), y=labels(12, 2).astype(integer))
        )
    with h5py.File(tmp_path / "enum.h5", "w") as file:
        names = h5py.enum_dtype({"cat": 0, "dog": 1}, basetype="u2")
        file.create_dataset("x", data=x, dtype=names)
        file.create_dataset("y", data=labels(12, 2), dtype=names)
    paths.append(tmp_path / "enum.h5")
    losses = losses_of(program, tmp_path, paths, loss="cross-entropy")
    assert np.ptp(losses, axis=0).max() == 0
    assert losses[0, 0] > 0


@pytest.mark.fault("D-F9", "D-W3")
def test_what_is_no_array_of_numbers_is_named(program: Program, tmp_path: Path):
    cases = [
        (np.array(["a", "b"], dtype="S3"), "has x as text of shape [2]"),
        (np.zeros((2, 3), dtype=complex), "has x as compound (r, i) of shape 2 x 3"),
        (np.zeros(2, dtype=[("u", "f4"), ("v", "i2")]), "has x as compound (u, v) of shape [2]"),
        (np.float32(1), "has x as a single float32"),
    ]
    refuses(program, tmp_path, {storing(x=x, y=labels(2)): words for x, words in cases})


def storing(**arrays: np.ndarray) -> Callable[[Path], Path]:
    """Writes arrays into a file of a folder."""
    return lambda folder: store(folder / "own.h5", **arrays)


# MARK: - Classes


@pytest.mark.fault("D-F5")
@pytest.mark.parametrize("shape", [(12, 1), (12, 1, 1)])
def test_integers_with_a_needless_axis_are_classes(program: Program, tmp_path: Path, shape):
    flat = store(tmp_path / "flat.h5", x=inputs(), y=labels())
    column = store(tmp_path / "column.h5", x=inputs(), y=labels().reshape(shape))
    losses = losses_of(program, tmp_path, [flat, column], loss="cross-entropy")
    assert np.array_equal(losses[0], losses[1])


@pytest.mark.fault("D-F5")
def test_other_integers_are_refused(program: Program, tmp_path: Path):
    one_hot = np.eye(3, dtype="uint8")[labels()]
    cases = [
        (
            one_hot,
            "uint8 of shape 12 x 3, which are one-hot rows; write class numbers, integers [n]",
        ),
        (np.arange(24).reshape(12, 2), "int64 of shape 12 x 2; write class numbers, integers [n]"),
        (labels()[None], "int64 of shape 1 x 12; write class numbers, integers [n]; are the axes"),
        (np.where(labels() == 0, -1, 1), "class -1 in y; write 0 and 1, and 'targets: signed'"),
    ]
    refuses(program, tmp_path, {storing(x=inputs(), y=y): words for y, words in cases})


@pytest.mark.fault("D-F5")
@pytest.mark.parametrize(
    ("y", "words"),
    [
        (labels().astype("f4"), ["whole numbers", "integers [n]"]),
        (labels().astype("f8")[:, None], ["whole numbers", "integers [n]"]),
        (np.eye(3, dtype="f4")[labels()], ["one-hot rows", "argmax(axis=1)"]),
        (np.where(labels() == 0, -1.0, 1.0), ["-1 and +1", "'targets: signed'"]),
        (inputs()[:, 0], ["values to regress", "write 'loss: mse'"]),
    ],
)
@pytest.mark.parametrize("key", ["loss", "accuracy"])
def test_classes_written_as_floats_get_the_remedy_that_fits(
    program: Program, tmp_path: Path, y, words, key
):
    path = store(tmp_path / "own.h5", x=inputs(), y=y)
    made = job(tmp_path, f"{{name: hdf5, path: {path}}}")
    setting = "loss=cross-entropy" if key == "loss" else "stop.train_accuracy=0.9"
    said = program.run("plan", made, "--set", setting, status=2).stderr
    expected = words if key == "loss" or "mse" not in words[1] else words[:1]
    assert all(word in said for word in expected), said
    assert "mse" in expected[-1] or "mse" not in said


@pytest.mark.fault("D-F4")
@pytest.mark.parametrize(
    ("y", "data", "note"),
    [
        (labels() + 1, "", "class 0 has no example."),
        (np.array([0, 5, 9] * 4), "", "classes 1, 2, 3, 4, 6, 7 and 8 have no example."),
        (np.full(12, 3), "", "the 12 examples are all of class 3."),
        (np.sort(labels()), ", examples: 4", "the 4 examples are all of class 0."),
        (np.sort(labels()), ", examples: 4", "the first 4 rows lack classes that come later"),
    ],
)
def test_missing_classes_are_noted(program: Program, tmp_path: Path, y, data, note):
    assert note in plan_hdf5(program, tmp_path, {"x": inputs(), "y": y}, data=data)


def test_data_without_faults_gets_no_note(program: Program, tmp_path: Path):
    said = plan_hdf5(
        program,
        tmp_path,
        {"x": inputs(), "y": labels(), "x_test": inputs(3) + 1, "y_test": labels(3)},
    )
    assert "note:" not in said


# MARK: - Test sets


@pytest.mark.fault("D-F10", "D-F4", "D-W4")
@pytest.mark.parametrize(
    ("arrays", "words"),
    [
        ({"y_test": labels(4)}, ["has no dataset x_test: it holds", "both x_test and y_test"]),
        ({"x_test": inputs(4), "y_test": inputs(4)[:, 0]}, ["y_test as float32", "y as int64"]),
        ({"x_test": inputs(4), "y_test": labels(4) + 4}, ["class 4 in y_test", "up to 2"]),
        ({"x_test": inputs(4, 4), "y_test": labels(4)}, ["4 x 4", "12 x 3", "same axes"]),
        (
            {"x_test": inputs(4)[:, :, None], "y_test": labels(3)},
            ["4 rows"],
        ),
    ],
)
def test_test_sets_that_do_not_fit_are_refused(program: Program, tmp_path: Path, arrays, words):
    said = plan_hdf5(program, tmp_path, {"x": inputs(), "y": labels(), **arrays}, 2)
    assert all(word in said for word in words), said


# MARK: - Images


@pytest.mark.fault("D-F6")
def test_channels_that_seem_to_come_last_are_noted(program: Program, tmp_path: Path):
    x = inputs(12, 8 * 8 * 3).reshape(12, 8, 8, 3)
    said = plan_hdf5(
        program,
        tmp_path,
        {"x": x, "y": labels()},
        model="{name: cnn, channels: [4], pooling: none}",
    )
    assert "images of 8 x 8 x 3: 8 channels of 8 rows and 3 columns" in said
    assert "note:" in said
    assert "x.transpose(0, 3, 1, 2)" in said


@pytest.mark.fault("D-F6")
def test_a_key_against_the_axes_is_noted(program: Program, tmp_path: Path):
    x = inputs(12, 8 * 8 * 3).reshape(12, 3, 8, 8)
    said = plan_hdf5(
        program,
        tmp_path,
        {"x": x, "y": labels()},
        data=", image: [8, 8, 3]",
        model="{name: cnn, channels: [4], pooling: none}",
    )
    assert "data.image, 8 x 8 x 3, takes the place of the axes of x, 3 x 8 x 8" in said


@pytest.mark.fault("D-F6", "D-W4")
def test_test_rows_of_other_axes_are_refused(program: Program, tmp_path: Path):
    x = inputs(12, 75).reshape(12, 3, 5, 5)
    arrays = {"x": x, "y": labels(), "x_test": x.transpose(0, 2, 3, 1) + 1, "y_test": labels()}
    said = plan_hdf5(program, tmp_path, arrays, 2)
    assert (
        "x_test as float32 of shape 12 x 5 x 5 x 3, but x as float32 of shape 12 x 3 x 5 x 5"
        in said
    )


# MARK: - Files


@pytest.mark.fault("D-F8")
def test_a_filter_that_the_library_lacks_is_named(program: Program, tmp_path: Path):
    with h5py.File(tmp_path / "own.h5", "w") as file:
        file.create_dataset("x", data=inputs(400), compression="lzf")
        file["y"] = labels(400)
    said = plan(program, tmp_path, f"{{name: hdf5, path: {tmp_path}/own.h5}}", 2)
    assert (
        "has x, which is compressed with lzf (filter 32000), which this HDF5 library lacks" in said
    )
    assert "gzip" in said
    assert "complete HDF5 file" not in said


@pytest.mark.fault("D-F8", "D-W3")
def test_what_stands_in_the_place_of_x_is_named(program: Program, tmp_path: Path):
    def holding(member: object, name: str = "x") -> Callable[[Path], Path]:
        def make(folder: Path) -> Path:
            with h5py.File(store(folder / "own.h5", y=labels()), "a") as file:
                file[name] = member
            return folder / "own.h5"

        return make

    cases = [
        (holding(inputs(), "x/part"), "has x as a group"),
        (holding(h5py.SoftLink("/nowhere")), "has x as a link to /nowhere, where there is nothing"),
        (holding(h5py.SoftLink("/x")), "has x as a link to /x"),
        (
            holding(h5py.ExternalLink("moved.h5", "/in")),
            "a link to /in of the file moved.h5, which",
        ),
        (holding(np.dtype("f4")), "has x as a datatype"),
        (holding(inputs(), "X"), "no dataset x: it holds X (float32 of shape 12 x 3), y (int64 of"),
    ]
    refuses(program, tmp_path, dict(cases))


@pytest.mark.fault("D-F8")
def test_a_file_of_a_newer_library_is_named(program: Program, tmp_path: Path):
    with h5py.File(tmp_path / "own.h5", "w", libver="latest") as file:
        file.create_dataset("x", data=inputs(), chunks=(5, 3), compression="gzip")
        file["y"] = labels()
    command = program.command("plan", job(tmp_path, f"{{name: hdf5, path: {tmp_path}/own.h5}}"))
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    if done.returncode == 0:
        pytest.skip("this h5py writes nothing that the program's library cannot read")
    assert "newer HDF5 library" in done.stderr


@pytest.mark.fault("D-W6", "D-W3")
def test_files_of_other_formats_are_recognised(program: Program, tmp_path: Path):
    cases = [
        (b"", "is empty"),
        (b"<!DOCTYPE html><html>", "is a web page, not an HDF5 file"),
        (b"PK\x03\x04" + b"0" * 40, "is a zip archive"),
        (b"MATLAB 5.0 MAT-file" + b" " * 200, "is a MATLAB v5 file"),
        (b"\x93NUMPY\x01\x00", "is an array of NumPy"),
        (b"\x80\x04\x95", "is a pickle of Python"),
        (b"\x1f\x8b\x08\x00", "is compressed with gzip"),
        (b"a,b\n1,2\n", "is a text file"),
        (b"\x00" * 257 + b"ustar", "is a tar archive"),
        (b"version https://git-lfs.github.com/spec/v1\n", "is a Git LFS pointer"),
    ]

    def writing(contents: bytes) -> Callable[[Path], Path]:
        def make(folder: Path) -> Path:
            (folder / "own.h5").write_bytes(contents)
            return folder / "own.h5"

        return make

    refuses(program, tmp_path, {writing(contents): words for contents, words in cases})


@pytest.mark.fault("L-W5", "L-W11")
@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("absent.h5", ["absent.h5 does not exist", "relative to {folder}"]),
        ("$HOME/absent.h5", ["$HOME/absent.h5 does not exist", "nothing expands $"]),
    ],
)
@pytest.mark.parametrize("name", ["hdf5", "cifar10", "idx"])
def test_absent_files_say_where_paths_begin(program: Program, tmp_path: Path, path, words, name):
    said = plan(program, tmp_path, f"{{name: {name}, path: {path}}}", 2)
    assert all(word.format(folder=Path.cwd()) in said for word in words), said


def test_a_pipe_is_refused(program: Program, tmp_path: Path):
    os.mkfifo(tmp_path / "pipe")
    said = plan(program, tmp_path, f"{{name: hdf5, path: {tmp_path}/pipe}}", 2)
    assert "is a pipe or a device" in said


# MARK: - Numbers


@pytest.mark.fault("D-F3")
@pytest.mark.parametrize("name", ["x", "y"])
def test_numbers_beyond_the_precision_are_refused(program: Program, tmp_path: Path, name):
    arrays = {"x": inputs().astype("f8"), "y": inputs()[:, 0].astype("f8")}
    arrays[name].flat[4] = 1e39
    said = plan_hdf5(program, tmp_path, arrays, 2)
    assert "holds 1e+39 in row" in said
    assert f"of {name}, which is beyond single precision" in said
    assert "'precision: double'" in said
    assert "note" not in plan_hdf5(program, tmp_path, arrays, more="precision: double")


@pytest.mark.fault("D-F3")
def test_numbers_that_all_vanish_are_refused(program: Program, tmp_path: Path):
    arrays = {"x": inputs().astype("f8") * 1e-60, "y": inputs()[:, 0]}
    assert "all become 0 in single precision" in plan_hdf5(program, tmp_path, arrays, 2)
    plan_hdf5(program, tmp_path, arrays, more="precision: double")


@pytest.mark.fault("D-W3")
def test_conventions_of_netcdf_are_noted(program: Program, tmp_path: Path):
    path = store(tmp_path / "own.h5", x=inputs(), y=labels())
    with h5py.File(path, "a") as file:
        file["x"].attrs["_FillValue"] = np.float32(0.25)
        file["x"].attrs["scale_factor"] = 0.1
    said = plan(program, tmp_path, f"{{name: hdf5, path: {path}}}")
    assert "3 numbers of x are 0.25, which the file marks as missing" in said
    assert "x has scale_factor, which is not applied" in said


@pytest.mark.fault("D-F7")
def test_rows_that_say_nothing_are_noted(program: Program, tmp_path: Path):
    said = plan_hdf5(program, tmp_path, {"x": np.zeros((12, 3)), "y": labels()})
    assert "every row of x is the same" in said
    x = inputs()
    x[7:] = 0
    said = plan_hdf5(program, tmp_path, {"x": x, "y": labels()})
    assert "the last 5 rows of x are all zeros" in said


@pytest.mark.fault("D-W4")
def test_reversed_axes_are_asked_about(program: Program, tmp_path: Path):
    said = plan_hdf5(program, tmp_path, {"x": inputs().T, "y": labels()}, 2)
    assert "MATLAB" in said


@pytest.mark.fault("D-W2")
def test_keys_without_effect_on_the_data_are_noted(program: Program, tmp_path: Path):
    path = store(tmp_path / "own.h5", x=inputs(), y=inputs()[:, 0])
    said = plan(
        program,
        tmp_path,
        f"{{name: hdf5, path: {path}, targets: signed, image: [3, 1, 1]}}",
        more="",
    )
    assert "data.targets: without effect, because the targets are values to regress." in said
    assert "data.image: without effect, because only a cnn looks at the shape of images." in said
