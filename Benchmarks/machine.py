"""What the figures were measured on."""

import os
import platform
import re
import subprocess
from pathlib import Path


def head(program_version: str, peer_versions: str) -> list[tuple[str, str]]:
    """Names and values for the head of the report."""
    return [
        ("machine", f"{_cpu()}, {len(os.sched_getaffinity(0))} cores, {_memory()}"),
        ("system", f"{_system()}, Python {platform.python_version()}"),
        ("eos-sweep", program_version),
        ("PyTorch", peer_versions),
    ]


def load() -> float:
    """How many processes the machine had to do in the last minute: 1 or 2 in a quiet benchmark."""
    return os.getloadavg()[0]


def commit(root: Path) -> str:
    """The commit of the sources, marked where they differ from it."""
    described = subprocess.run(
        ["git", "describe", "--always", "--dirty", "--abbrev=9"],
        cwd=root,
        check=False,
        capture_output=True,
        text=True,
    )
    return described.stdout.strip() or "unknown"


def _cpu() -> str:
    names = re.findall(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    flags = re.search(r"flags\s*: (.*)", Path("/proc/cpuinfo").read_text())
    widest = "AVX-512" if flags and "avx512f" in flags[1] else "no AVX-512"
    return f"{names[0] if names else platform.machine()} ({widest})"


def _memory() -> str:
    kilobytes = re.search(r"MemTotal:\s*(\d+)", Path("/proc/meminfo").read_text())
    return f"{int(kilobytes[1]) / 2**20:.0f} GiB" if kilobytes else "unknown memory"


def _system() -> str:
    release = platform.freedesktop_os_release()
    return f"{release.get('PRETTY_NAME', 'Linux')}, glibc {platform.libc_ver()[1]}"
