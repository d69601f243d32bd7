"""CIFAR-10 and MNIST's format: what is found, what is named, what is worth a note."""

import gzip
import tarfile
from pathlib import Path

import numpy as np
import pytest

from data_files import cifar10, idx, labels, mnist, plan
from program import Program


def idx_plan(program: Program, folder: Path, status: int = 0, keys: str = "") -> str:
    return plan(program, folder, f"{{name: idx, path: {folder}/mnist{keys}}}", status)


def cifar_plan(
    program: Program, folder: Path, status: int = 0, keys: str = "", name: str = "cifar"
) -> str:
    return plan(program, folder, f"{{name: cifar10, path: {folder}/{name}{keys}}}", status)


def batches(folder: Path, but: tuple[int, ...] = ()) -> None:
    for batch in {1, 2, 3, 4, 5} - set(but):
        cifar10(folder / f"data_batch_{batch}.bin", np.arange(10), shift=batch)


# MARK: - Classes


@pytest.mark.fault("D-F4")
@pytest.mark.parametrize(
    ("of", "keys", "words"),
    [
        (np.arange(120) % 10 + 1, "", ["11 classes", "class 0 has no example."]),
        (np.arange(120) % 10 + 1, ", classes: 2", ["the 12 examples are all of class 1."]),
        (np.array([0, 5, 9] * 4), "", ["10 classes", "classes 1, 2, 3, 4, 6, 7 and 8 have no"]),
        (np.full(12, 3), "", ["4 classes", "the 12 examples are all of class 3."]),
        (np.sort(labels()), ", examples: 4", ["all of class 0.", "'subset: per-class'"]),
    ],
)
def test_missing_classes_are_noted(program: Program, tmp_path: Path, of, keys, words):
    mnist(tmp_path / "mnist", of)
    said = idx_plan(program, tmp_path, keys=keys)
    assert all(word in said for word in words), said


@pytest.mark.fault("D-F4")
def test_one_class_in_a_batch_is_noted(program: Program, tmp_path: Path):
    cifar10(tmp_path / "cifar", np.full(6, 4))
    assert "the 6 examples are all of class 4." in cifar_plan(program, tmp_path)


@pytest.mark.fault("D-F4")
def test_test_examples_that_are_left_out_are_counted(program: Program, tmp_path: Path):
    mnist(tmp_path / "mnist", labels())
    mnist(tmp_path / "mnist", np.arange(12) % 6, prefix="t10k")
    said = idx_plan(program, tmp_path)
    assert "6 test examples are of classes that training lacks: left out." in said
    assert "test set of 6 examples" in said


@pytest.mark.fault("D-F4")
def test_a_test_set_of_other_classes_is_refused_without_keys_of_others(
    program: Program, tmp_path: Path
):
    mnist(tmp_path / "mnist", labels())
    mnist(tmp_path / "mnist", np.arange(12) % 3 + 4, prefix="t10k")
    said = idx_plan(program, tmp_path, 2)
    assert "holds test examples of other classes (4, 5, 6) than the training files" in said
    assert "data.test_examples" not in said
    assert "no test set" in idx_plan(program, tmp_path, keys=", test_examples: 0")


# MARK: - Test sets that were asked for


@pytest.mark.fault("D-F10")
@pytest.mark.parametrize("lost", ["images-idx3", "labels-idx1"])
def test_half_a_test_set_is_refused(program: Program, tmp_path: Path, lost: str):
    mnist(tmp_path / "mnist", labels())
    mnist(tmp_path / "mnist", labels(), prefix="t10k")
    (tmp_path / "mnist" / f"t10k-{lost}-ubyte").unlink()
    said = idx_plan(program, tmp_path, 2)
    assert f"but no t10k-{lost}-ubyte" in said
    assert "'test_examples: 0'" in said
    idx_plan(program, tmp_path, keys=", test_examples: 0")


@pytest.mark.fault("D-F10")
def test_test_examples_need_a_test_set(program: Program, tmp_path: Path):
    cifar10(tmp_path / "cifar", np.arange(10))
    said = cifar_plan(program, tmp_path, 2, keys=", test_examples: 10")
    assert "'data.test_examples': is 10, but there is no test set" in said
    mnist(tmp_path / "mnist", labels())
    assert "there is no test set" in idx_plan(program, tmp_path, 2, keys=", test_examples: 3")


# MARK: - Where files lie


@pytest.mark.fault("D-W5")
def test_dotted_names_are_found(program: Program, tmp_path: Path):
    mnist(tmp_path / "mnist", labels(), names="{}-{}.idx{}-ubyte")
    assert "12 examples of 16 features" in idx_plan(program, tmp_path)


@pytest.mark.fault("D-W5")
@pytest.mark.parametrize("inner", ["raw", "MNIST/raw"])
def test_a_folder_further_down_is_named(program: Program, tmp_path: Path, inner: str):
    mnist(tmp_path / "mnist" / inner, labels())
    assert f"write 'path: {tmp_path}/mnist/{inner}'" in idx_plan(program, tmp_path, 2)


@pytest.mark.fault("D-W5")
def test_a_folder_of_other_things_is_listed(program: Program, tmp_path: Path):
    (tmp_path / "mnist").mkdir()
    (tmp_path / "mnist" / "emnist-images.gz").write_bytes(b"")
    assert "it holds emnist-images.gz" in idx_plan(program, tmp_path, 2)
    (tmp_path / "cifar").mkdir()
    (tmp_path / "cifar" / "cifar-10-binary.tar.gz").write_bytes(b"")
    assert "it holds cifar-10-binary.tar.gz" in cifar_plan(program, tmp_path, 2)


@pytest.mark.fault("D-W5")
def test_folders_of_cifar10_are_found_or_named(program: Program, tmp_path: Path):
    batches(tmp_path / "cifar" / "cifar-10-batches-bin")
    inner = f"{tmp_path}/cifar/cifar-10-batches-bin"
    assert f"write 'path: {inner}'" in cifar_plan(program, tmp_path, 2)
    assert "50 examples" in cifar_plan(program, tmp_path, name="cifar/cifar-10-batches-bin")
    batches(tmp_path / "lacking", but=(1, 3))
    said = cifar_plan(program, tmp_path, 2, name="lacking")
    assert "lacks data_batch_1.bin, data_batch_3.bin" in said
    batches(tmp_path / "packed")
    for file in (tmp_path / "packed").iterdir():
        file.with_suffix(".bin.gz").write_bytes(gzip.compress(file.read_bytes()))
        file.unlink()
    assert "50 examples" in cifar_plan(program, tmp_path, name="packed")


# MARK: - What files are


@pytest.mark.fault("D-W6")
def test_other_versions_of_cifar_are_recognised(program: Program, tmp_path: Path):
    hundred = np.random.default_rng(0).integers(0, 256, (5, 3074)).astype("uint8")
    hundred[:, 0], hundred[:, 1] = 7, 42
    (tmp_path / "cifar").write_bytes(hundred.tobytes())
    assert "these are CIFAR-100's" in cifar_plan(program, tmp_path, 2)
    (tmp_path / "python").mkdir()
    (tmp_path / "python" / "data_batch_1").write_bytes(b"\x80\x02}")
    assert "the Python version of CIFAR-10" in cifar_plan(program, tmp_path, 2, name="python")
    said = cifar_plan(program, tmp_path, 2, name="python/data_batch_1")
    assert "is a pickle of Python" in said


@pytest.mark.fault("D-W6")
def test_records_of_cifar100_that_fit_both_sizes_are_recognised(program: Program, tmp_path: Path):
    records = np.full((3073, 3074), 5, dtype="uint8")
    (tmp_path / "cifar").write_bytes(records.tobytes())
    assert "these are CIFAR-100's" in cifar_plan(program, tmp_path, 2)


@pytest.mark.fault("D-W6")
def test_archives_are_named(program: Program, tmp_path: Path):
    cifar10(tmp_path / "data_batch_1.bin", np.arange(10))
    with tarfile.open(tmp_path / "cifar", "w:gz") as archive:
        archive.add(tmp_path / "data_batch_1.bin")
    said = cifar_plan(program, tmp_path, 2)
    assert "is a tar archive" in said
    assert "unpack it" in said


@pytest.mark.fault("D-W6")
def test_files_that_are_the_same_are_noted(program: Program, tmp_path: Path):
    batches(tmp_path / "cifar")
    first = (tmp_path / "cifar" / "data_batch_1.bin").read_bytes()
    (tmp_path / "cifar" / "data_batch_4.bin").write_bytes(first)
    (tmp_path / "cifar" / "test_batch.bin").write_bytes(first)
    said = cifar_plan(program, tmp_path)
    assert "data_batch_4.bin holds the same images as" in said
    assert "test_batch.bin are training images, too" in said


@pytest.mark.fault("D-W5", "D-W6")
def test_number_types_and_web_pages_are_told_apart(program: Program, tmp_path: Path):
    mnist(tmp_path / "mnist", labels())
    images = tmp_path / "mnist" / "train-images-idx3-ubyte"
    idx(images, np.zeros((12, 4, 4)), kind=13)
    assert "is an IDX file of float32" in idx_plan(program, tmp_path, 2)
    images.write_bytes(b"<html>not found</html>")
    assert "is a web page" in idx_plan(program, tmp_path, 2)
