"""A path that means something else than it says is refused before anything is made of it."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from jobs import chebyshev
from machine import as_other_user, contents, folder_for_all
from program import Program

ONE_RUN = "optimizer: gd\nlearning_rate: 0.01\n"
LONG = "n" * 256

COMMANDS = (
    "run small.yaml -o PATH",
    "plan small.yaml -o PATH",
    "merge out -o PATH",
    "status PATH",
    "merge PATH",
    "verify PATH",
    "show PATH gd",
    "compare PATH out",
    "compare out PATH",
    "doctor PATH",
    "plan PATH",
    "bench PATH",
)


@pytest.fixture(scope="module")
def folder(program: Program) -> Iterator[tuple[Path, Program]]:
    """A job, a sweep, a file and a link to nothing, as another user would find them."""
    with folder_for_all(program) as (folder, copy):
        job = chebyshev(folder, 20, ONE_RUN)
        for done in (
            as_other_user(copy.command("run", job, "-o", "out"), folder),
            as_other_user(["sh", "-c", "echo text > a-file; ln -s nothing a-link"], folder),
        ):
            assert done.returncode == 0, done.stderr
        yield folder, copy


def refuse(folder: tuple[Path, Program], command: str, path: str | bytes, *words: str) -> None:
    """The command fails with these words, and nothing has changed."""
    place, program = folder
    before = contents(place)
    path = path if isinstance(path, bytes) else path.encode()
    arguments = [path if word == "PATH" else word.encode() for word in command.split()]
    done = as_other_user([os.fsencode(program.path), *arguments], place)
    assert done.returncode == (1 if command.startswith("doctor") else 2), done.stdout + done.stderr
    said = done.stdout + done.stderr
    for word in words:
        assert word in said
    assert "Error Domain" not in said and "NSCocoa" not in said
    assert contents(place) == before


@pytest.mark.fault("L-F3")
@pytest.mark.parametrize("command", COMMANDS)
def test_an_empty_path_is_no_path(folder: tuple[Path, Program], command: str):
    refuse(folder, command, "", "the path is empty", "was a variable not set?")


@pytest.mark.fault("L-F4")
@pytest.mark.parametrize("command", COMMANDS)
def test_a_tilde_is_left_to_the_shell(folder: tuple[Path, Program], command: str):
    refuse(folder, command, "~/x", "'~/x' begins with ~, which nothing expands here", "./~/x")


@pytest.mark.fault("L-W5")
@pytest.mark.parametrize("command", [*COMMANDS[:4], "verify PATH", "plan PATH"])
def test_a_path_that_is_not_utf8_becomes_no_other(folder: tuple[Path, Program], command: str):
    refuse(folder, command, b"o\xff", "is not UTF-8")


@pytest.mark.fault("L-W5", "L-F11")
@pytest.mark.parametrize("command", ["run small.yaml -o PATH", "plan small.yaml -o PATH"])
@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("a-file", "'a-file' is a file, not a directory"),
        ("a-file/x/", "'a-file' is a file, not a directory"),
        ("a-link", "'a-link' is a link to nothing"),
        ("a-link/x", "'a-link' is a link to nothing"),
        (f"new/{LONG}", "too long"),
        ("~", "begins with ~"),
        ("~root/x", "begins with ~"),
    ],
)
def test_an_output_directory_must_be_possible(
    folder: tuple[Path, Program], command: str, path: str, words: str
):
    refuse(folder, command, path, "-o: ", words)


@pytest.mark.fault("L-W5")
@pytest.mark.parametrize("command", ["status PATH", "merge PATH", "show PATH gd"])
def test_a_place_that_holds_no_sweep_is_told_by_what_is_there(
    folder: tuple[Path, Program], command: str
):
    refuse(folder, command, "nothing", "nothing: there is no such directory")
    refuse(folder, command, ".program", ".program: no sweep here")


@pytest.mark.fault("L-F4", "L-F3")
def test_directories_of_odd_names_can_be_used(program: Program):
    job = chebyshev(Path.cwd(), 20, ONE_RUN)
    for written, made in (("./~", "~"), ("./~/a//", "~/a"), ("$HOME", "$HOME"), ("x/../y/", "y")):
        done = program.run("run", job, "-o", written)
        merged = done.stdout.split("Merged file: ")[1].split("\n")[0]
        assert "//" not in merged and Path(made, "sweep.h5").exists()
    program.run("merge", "./~", "-o", "./~/again.h5")
    program.run("compare", "./~/again.h5", "./~/sweep.h5")
    program.run("verify", "./~")
    assert sorted(path.name for path in Path.cwd().iterdir()) == [
        "$HOME",
        "small.yaml",
        "x",
        "y",
        "~",
    ]
