"""What a second rank on a second core brings."""

from collections.abc import Callable
from functools import partial

from eos_sweep import Sweep
from first_network import training
from setting import Row, Setting
from turns import Figures, Line, Target, Turns, take_turns

RUNS = 40


def one_run(setting: Setting) -> list[Line]:
    """One run whose examples two ranks share; beside it, what the machine can give."""
    measured = "{every: 10, top: 2, tolerance: 5e-3}"
    job = training(setting, setting.scaled(100), measure=measured)

    def figures(ranks: int, sweep: Sweep) -> Figures:
        gradient = setting.program.bench(job, setting.seconds, ranks)["gradient_seconds"]
        # All ranks measure at once: this is what one rank's work takes beside the others.
        return {"seconds": sweep.wall_seconds, "independent": gradient / ranks}

    turns = _one_and_two(setting, job, figures)
    limit = turns.ratio("1 rank independent", "2 ranks independent")
    return [
        *_lines(turns, "1 rank over 2, same bits", Target(1.9)),
        Line(
            "gradients of two independent processes, over one alone: the machine's limit",
            limit,
            "x",
        ),
    ]


def many_runs(setting: Setting) -> list[Line]:
    """Runs of equal cost, one rank each; the whole command counts, with start-up and merging."""
    job = f"""\
name: benchmark
data: {{name: gaussian-mixture, examples: 1000}}
model: {{name: mlp, hidden: [100], activation: tanh}}
loss: mse
optimizer: gd
learning_rate: 0.1
stop: {{steps: {setting.scaled(1500)}}}
measure: {{every: 20, top: 2}}
grid: [{{seed: {{range: [0, {setting.scaled(RUNS) - 1}]}}}}]
"""
    turns = _one_and_two(setting, job, lambda ranks, sweep: {"seconds": sweep.seconds})
    return _lines(turns, "1 rank over 2, same bits", Target(1.95))


def _one_and_two(setting: Setting, job: str, figures: Callable[[int, Sweep], Figures]) -> Turns:
    """Turns of 1 and of 2 ranks, whose results must have the same bits every time."""
    sweeps: dict[int, Sweep] = {}

    def turn(ranks: int) -> Figures:
        sweeps[ranks] = setting.program.run(job, f"on-{ranks}", ranks=ranks)
        if ranks == 2:
            setting.program.check_same_bits(sweeps[1], sweeps[2])
        return figures(ranks, sweeps[ranks])

    contestants = {"1 rank": partial(turn, 1), "2 ranks": partial(turn, 2)}
    return take_turns(setting.turns, contestants, setting.say)


def _lines(turns: Turns, what: str, target: Target) -> list[Line]:
    ratio = turns.ratio("1 rank seconds", "2 ranks seconds")
    seconds = [Line(f"on {name}", turns[f"{name} seconds"], "s") for name in ("1 rank", "2 ranks")]
    return [*seconds, Line(what, ratio, "x", target)]


ONE_RUN = Row("one-run", "one run of 100 steps, top 2 every 10, on 2 cores", 3, one_run)
MANY_RUNS = Row("many-runs", f"{RUNS} equal runs on 2 cores", 3, many_runs)
