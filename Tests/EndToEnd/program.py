"""Runs the built program as a user would, with and without mpirun."""

import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
STARTED_IN = Path.cwd()
"""Where the tests were started; they run elsewhere."""
Arguments = str | Path | int


@dataclass(frozen=True)
class Program:
    """The release build of eos-sweep, or the program that EOS_SWEEP names."""

    path: Path

    @classmethod
    def built(cls) -> "Program":
        """Finds the program."""
        if "EOS_SWEEP" in os.environ:
            return cls(STARTED_IN / os.environ["EOS_SWEEP"])
        command = ["swift", "build", "-c", "release", "--show-bin-path"]
        shown = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
        return cls(Path(shown.stdout.strip()) / "eos-sweep")

    def command(self, *arguments: Arguments, ranks: int | None = None) -> list[str]:
        """The command line, under mpirun if a number of ranks is given."""
        launcher = [] if ranks is None else [f"{ROOT}/Scripts/mpirun", "-n", str(ranks)]
        return [*launcher, str(self.path), *map(str, arguments)]

    def run(
        self,
        *arguments: Arguments,
        ranks: int | None = None,
        status: int | None = 0,
        seconds: int = 300,
        environment: Mapping[str, str] | None = None,
        text: str | None = None,
    ) -> subprocess.CompletedProcess[str]:
        """Runs to the end and checks the exit status, unless that is None.

        `environment` is added to what is there; `text` comes through a pipe as standard input.
        """
        command = self.command(*arguments, ranks=ranks)
        done = subprocess.run(
            command,
            input=text,
            env=os.environ | (environment or {}),
            capture_output=True,
            text=True,
            timeout=seconds,
        )
        assert status is None or done.returncode == status, (
            f"{' '.join(command)}: status {done.returncode} instead of {status}\n"
            f"{done.stdout[-2000:]}\n{done.stderr[-4000:]}"
        )
        return done

    def start(self, *arguments: Arguments, ranks: int | None = None) -> subprocess.Popen[bytes]:
        """Starts without waiting."""
        return subprocess.Popen(
            self.command(*arguments, ranks=ranks),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )


def rank_processes(launcher: int) -> list[int]:
    """Process ids of the ranks that an mpirun started."""
    found = []
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            lines = dict(line.split(":\t", 1) for line in status.read_text().splitlines()[:8])
        except (OSError, ValueError):
            continue
        if lines.get("PPid") == str(launcher) and lines.get("Name") == "eos-sweep":
            found.append(int(status.parent.name))
    return found
