"""What the figures were measured on."""

import os
import platform
import re
import subprocess
from pathlib import Path


def head(
    program_version: str, kernels: dict[str, str], peer_versions: dict[str, str]
) -> list[tuple[str, str]]:
    """Names and values for the head of the report."""
    return [
        ("machine", f"{_cpu()}, {len(os.sched_getaffinity(0))} cores, {_memory()}"),
        ("system", f"{_system()}, Python {platform.python_version()}"),
        ("eos-sweep", program_version),
        *kernels.items(),
        *peer_versions.items(),
    ]


def load() -> float:
    """How many processes the machine had to do in the last minute: 1 or 2 in a quiet benchmark."""
    return os.getloadavg()[0]


def commit(root: Path) -> str:
    """The commit of the sources, marked where they differ from it; the table is none of them."""

    def git(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = ["git", *arguments]
        return subprocess.run(command, cwd=root, check=False, capture_output=True, text=True)

    described = git("describe", "--always", "--abbrev=9").stdout.strip() or "unknown"
    same = git("diff", "--quiet", "HEAD", "--", ".", ":!Benchmarks/RESULTS.md").returncode == 0
    return described if same else f"{described}-dirty"


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
