"""A sweep is watched from its files, by people and by programs."""

import fcntl
import json
import os
import pty
import signal
import struct
import subprocess
import termios
import time
from pathlib import Path

from jobs import chebyshev
from program import Program
from waiting import events, wait_for

LONG = "optimizer: gd\nlearning_rate: 0.01\ngrid:\n  - seed: {range: [1, 6]}\n"


def progress(directory: Path) -> dict:
    """What the session says of itself."""
    return json.loads((directory / "progress.json").read_text())


class Screen:
    """A program on a terminal of its own."""

    def __init__(self, command: list[str], columns: int, rows: int):
        self.master, terminal = pty.openpty()
        self.resize(columns, rows)
        environment = os.environ | {"TERM": "xterm"}
        self.process = subprocess.Popen(
            command, stdin=terminal, stdout=terminal, stderr=terminal, env=environment
        )
        os.close(terminal)
        os.set_blocking(self.master, False)
        self.text = ""

    def resize(self, columns: int, rows: int) -> None:
        size = struct.pack("HHHH", rows, columns, 0, 0)
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, size)

    def read(self) -> str:
        """What has been shown so far."""
        try:
            while part := os.read(self.master, 65536):
                self.text += part.decode(errors="replace")
        except OSError:
            pass
        return self.text

    def pages(self) -> list[str]:
        """The pages that were drawn, as far as they are whole."""
        return self.read().split("\x1b[H")[2:-1]


def test_a_sweep_is_followed_on_a_terminal(program: Program, tmp_path: Path):
    job, directory = chebyshev(tmp_path, 100_000_000, LONG), tmp_path / "sweep"
    sweep = program.start("run", job, "-o", directory, "--time-limit", "1h", ranks=2)
    try:
        wait_for(lambda: "run_started" in events(directory))
        wait_for(lambda: any(run.get("ratio") for run in progress(directory)["running"]))
        told = progress(directory)
        assert told["phase"] == "computing" and told["runs"]["planned"] == 6
        assert told["ranks"]["working"] == 2 == told["runs"]["running"]
        assert told["deadline"]["source"] == "--time-limit"
        run = told["running"][0]
        assert 0 < run["steps"] < run["of"] and run["loss"] > 0

        screen = Screen(program.command("status", directory, "--follow"), 60, 14)
        wait_for(lambda: len(screen.pages()) >= 2)
        page = screen.pages()[-1]
        assert "0 of 6 runs done" in page and page.count("\n") < 14
        assert all(name in page for name in ("ranks", "ratio", "stops in", "2 working"))
        known = len(screen.pages())
        screen.resize(100, 40)
        screen.process.send_signal(signal.SIGWINCH)
        wait_for(lambda: len(screen.pages()) > known + 1)
        screen.process.send_signal(signal.SIGINT)
        assert screen.process.wait(timeout=20) == 130
        assert screen.read().endswith("\x1b[?7h\x1b[?25h\x1b[?1049l")

        screen = Screen(program.command("status", directory, "--follow"), 80, 24)
        wait_for(lambda: len(screen.pages()) >= 1)
        sweep.send_signal(signal.SIGUSR1)
        assert sweep.wait(timeout=60) == 75
        assert screen.process.wait(timeout=20) == 0
        end = screen.read().split("\x1b[?1049l")[1]
        assert "with exit status 75" in end and "so does: " in end
    finally:
        sweep.kill()
        sweep.wait()
    told = progress(directory)
    assert (told["phase"], told["exitStatus"], told["running"]) == ("ended", 75, [])
    assert "progress" not in {json.loads(e)["event"] for e in events(directory).splitlines()}


def test_a_sweep_that_is_killed_is_not_followed_for_ever(program: Program, tmp_path: Path):
    job, directory = chebyshev(tmp_path, 100_000_000, LONG), tmp_path / "sweep"
    sweep = program.start("run", job, "-o", directory)
    wait_for(lambda: "run_started" in events(directory))
    follower = subprocess.Popen(
        program.command("status", directory, "--follow"), stdout=subprocess.PIPE, text=True
    )
    time.sleep(1)
    sweep.kill()
    sweep.wait()
    said, _ = follower.communicate(timeout=60)
    assert "did not end by itself" in said and "\x1b" not in said


def test_a_directory_that_is_gone_ends_no_watching(program: Program, tmp_path: Path):
    """The stream of progress is for people: what becomes of it stops nothing."""
    job, directory = chebyshev(tmp_path, 30_000), tmp_path / "sweep"
    sweep = program.start("run", job, "-o", directory, ranks=2)
    wait_for(lambda: (directory / "progress.json").exists())
    (directory / "progress.json").unlink()
    (directory / "progress.json").mkdir()
    assert sweep.wait(timeout=200) == 0
    assert "8 of 8 runs done" in program.run("status", directory).stdout
