"""Measures the rows of the table and writes it: `python Benchmarks/benchmark.py [ROW ...]`."""

import argparse
import os
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import jax_peer
import machine
import peer
import table
from eos_sweep import ROOT, EosSweep
from images import Images
from rows import ALL
from setting import Row, Setting

RESULTS = ROOT / "Benchmarks/RESULTS.md"
KEPT = ROOT / "results/benchmarks"
PEERS = {"PyTorch": peer, "JAX": jax_peer}
ONE_THREAD = {
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "XLA_FLAGS": jax_peer.ONE_THREAD,
}


def main() -> int:
    """Measures the chosen rows one after the other, and prints all measured so far."""
    options = _options()
    chosen = [row for row in ALL if row.name in (options.rows or [row.name for row in ALL])]
    for name, module in PEERS.items():
        if not module.IS_INSTALLED:
            print(f"{name} is missing: nothing is timed against it. To compare: {module.INSTALL}")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        setting = Setting(
            program=EosSweep(options.program, folder),
            images=Images.prepare(options.data, folder),
            folder=folder,
            turns=2 if options.quick else options.turns,
            seconds=0.2 if options.quick else options.seconds,
            is_quick=options.quick,
            say=lambda text: print(f"  {text}", flush=True),
        )
        left_out = 0
        for position, row in enumerate(chosen):
            left = sum(row.minutes for row in chosen[position:]) * (0.1 if options.quick else 1)
            print(
                f"{row.name} ({position + 1} of {len(chosen)}, about {left:.0f} min left)",
                flush=True,
            )
            try:
                _measure(row, setting, options.kept)
            except SystemExit as problem:
                # Where it would not measure what it says; the others do.
                print(f"  {row.name} is left out: {problem}", flush=True)
                left_out += 1
        _write(setting, options.kept, options.output)
    return 1 if left_out else 0


def _measure(row: Row, setting: Setting, kept: Path) -> None:
    load, start = machine.load(), time.perf_counter()
    lines = row.measure(setting)
    measured = table.Measured(
        lines=lines,
        date=datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        commit=machine.commit(ROOT),
        images=setting.images.name,
        is_quick=setting.is_quick,
        load=load,
        minutes=(time.perf_counter() - start) / 60,
    )
    measured.write(kept / f"{row.name}.json")


def _write(setting: Setting, kept: Path, output: Path) -> None:
    head = machine.head(
        setting.program.version(),
        setting.program.kernels(),
        {name: module.versions() for name, module in PEERS.items()},
    )
    rows = [
        (row.title, table.Measured.read(path))
        for row in ALL
        if (path := kept / f"{row.name}.json").exists()
    ]
    text = table.report(head, rows)
    output.write_text(text)
    print(f"\n{text}\nwritten to {output}")


def _options() -> argparse.Namespace:
    names = [row.name for row in ALL]
    data = os.environ.get("EOS_SWEEP_IMAGES")
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "rows", nargs="*", metavar="ROW", choices=[[], *names], help=", ".join(names)
    )
    parser.add_argument("--program", type=Path, default=ROOT / ".build/release/eos-sweep")
    parser.add_argument(
        "--data",
        type=Path,
        default=data,
        help="images in the binary layout of CIFAR-10, or EOS_SWEEP_IMAGES; else synthetic ones",
    )
    parser.add_argument("--turns", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=2, help="for each quantity in each turn")
    parser.add_argument("--quick", action="store_true", help="little data: only whether it works")
    parser.add_argument("--kept", type=Path, default=KEPT, help="where figures are kept as JSON")
    parser.add_argument("--output", type=Path, default=RESULTS)
    options = parser.parse_args()
    if options.quick and (options.kept, options.output) == (KEPT, RESULTS):
        options.kept, options.output = KEPT / "quick", KEPT / "quick/RESULTS.md"
    return options


if __name__ == "__main__":
    if not ONE_THREAD.items() <= os.environ.items():
        # Libraries read these when they are loaded, so Python starts again.
        os.execve(sys.executable, [sys.executable, *sys.argv], os.environ | ONE_THREAD)
    sys.exit(main())
