"""Data that cannot be read any more stops a sweep in order; no run is to blame."""

from pathlib import Path

import numpy as np

from data_files import store
from program import Program
from waiting import events, wait_for

JOB = """\
name: vanishing
model: {{name: mlp, hidden: [10]}}
loss: mse
optimizer: gd
learning_rate: 0.01
measure: {{every: 100}}
ranks_per_run: 1
shard: {{seconds: 0}}
grid:
  - data: {{name: hdf5, path: {first}}}
    stop: {{steps: 20000}}
  - data: {{name: hdf5, path: {second}}}
    stop: {{steps: 10}}
"""


def test_data_that_is_gone_is_no_fault_of_a_run(program: Program, tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    paths = [tmp_path / "first.h5", tmp_path / "second.h5"]
    for path in paths:
        x, y = rng.standard_normal((50, 3)), rng.standard_normal((50, 2))
        store(path, x=x.astype(np.float32), y=y.astype(np.float32))
    job, out = tmp_path / "job.yaml", tmp_path / "out"
    job.write_text(JOB.format(first=paths[0], second=paths[1]))
    process = program.start("run", job, "-o", out)
    wait_for(lambda: "run_started" in events(out))
    held = paths[1].rename(tmp_path / "held.h5")
    assert process.wait(timeout=120) == 75
    assert '"run_failed"' not in events(out)
    assert events(out).count("second.h5") >= 1
    held.rename(paths[1])
    program.run("run", job, "-o", out)
