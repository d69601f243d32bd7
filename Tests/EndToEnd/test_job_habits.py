"""What users of other programs, editors and languages write: the form that works is named."""

from pathlib import Path

import pytest

from program import Program

JOB = """\
name: habits
data: {name: chebyshev}
model: {name: mlp, hidden: [10]}
optimizer: gd
learning_rate: 0.1
stop: {steps: 20}
measure: {every: 5}
"""


@pytest.fixture
def job(tmp_path: Path) -> Path:
    path = tmp_path / "job.yaml"
    path.write_text(JOB)
    return path


def refusal(program: Program, job: Path, *arguments: str) -> str:
    """The one problem of a plan that is refused."""
    done = program.run("plan", job, *arguments, status=2, seconds=60)
    lines = done.stderr.strip().splitlines()
    assert len(lines) == 1, done.stderr
    return lines[0]


@pytest.mark.fault("L-F9")
@pytest.mark.parametrize(
    ("override", "meant", "misleading"),
    [
        ("precision=float64", "did you mean 'double'", "'float'?"),
        ("precision=fp32", "did you mean 'float'", "'double'?"),
        ("steps=100", "did you mean 'stop.steps'", "schedule.steps"),
        ("max_iter=100", "did you mean 'stop.steps'", "schedule.steps"),
        ("stop.loss=0.1", "did you mean 'stop.train_loss'", "'loss'?"),
        ("stop={accuracy: 0.9}", "did you mean 'stop.train_accuracy'", "'accuracy'?"),
        ("loss=ce", "did you mean 'cross-entropy'", "'mse'?"),
        ("optimizer=nag", "did you mean 'nesterov'", "adam'?"),
        ("optimizer=SGDM", "did you mean 'heavy-ball'", "'gd'?"),
        ("model.activation=selu", "known: tanh", "did you mean"),
        ("optimizer=adamax", "known: gd", "did you mean"),
        ("data=cifar100", "known: chebyshev", "did you mean"),
        ("data=mnist", "did you mean 'idx'", "cifar10'?"),
        ("wd=1e-4", "did you mean 'optimizer.weight_decay'", "'seed'"),
        ("mu=0.9", "did you mean 'optimizer.momentum'", "optimizer.nu"),
        ("hidden_sizes=[3]", "did you mean 'model.hidden'", "data."),
        ("num_workers=4", "mpirun -n", "did you mean"),
        ("output_dir=x", "-o", "did you mean"),
        ("device=cuda", "CPUs; remove it", "did you mean"),
        ("optim.lr=0.1", "did you mean 'learning_rate'", "'optimizer'?"),
    ],
)
def test_a_hint_leads_to_what_was_meant(
    program: Program, job: Path, override: str, meant: str, misleading: str
):
    problem = refusal(program, job, "--set", override)
    assert meant in problem
    assert misleading not in problem


@pytest.mark.fault("L-F9")
def test_hints_in_the_job_file_and_its_grid(program: Program, job: Path):
    job.write_text(JOB + "steps: 3\ngrid:\n  - lr: [0.1]\n    optimizer: [{name: sgd, b1: 0.9}]\n")
    lines = program.run("plan", job, status=2, seconds=60).stderr.splitlines()
    for line, words in zip(
        lines, ["'stop.steps'", "'learning_rate'", "'gd'", "'optimizer.beta1'"], strict=True
    ):
        assert f"did you mean {words}" in line


@pytest.mark.fault("L-F12")
def test_a_later_override_never_drops_an_earlier_one_silently(program: Program, job: Path):
    lost = refusal(program, job, "--set", "optimizer.beta1=0.8", "--set", "optimizer=adam")
    assert "--set optimizer.beta1=0.8" in lost
    assert "no effect" in lost
    assert "the later --set optimizer=adam" in lost
    wrong = refusal(program, job, "--set", "optimizer.beta1=7", "--set", "optimizer=adam")
    assert "7 is out of range" in wrong
    kept = program.run(
        "plan", job, "--set", "optimizer=adam", "--set", "optimizer.beta1=0.8", seconds=60
    )
    assert "note" not in kept.stderr
    twice = program.run("plan", job, "--set", "seed=3", "--set", "seed=4", seconds=60)
    assert "--set seed=3: seed has no effect" in twice.stderr


@pytest.mark.fault("L-F12")
@pytest.mark.parametrize("grid", ["", "grid:\n  - learning_rate: [0.1, 0.2, 0.7]\n"])
def test_a_list_by_set_is_an_axis_of_the_grid(program: Program, job: Path, grid: str):
    job.write_text(JOB + grid)
    done = program.run("plan", job, "--set", "learning_rate=[0.3, 0.4]", seconds=60)
    assert "habits: 2 runs" in done.stdout
    assert "gd-lr0.3" in done.stdout
    assert "gd-lr0.4" in done.stdout


@pytest.mark.fault("L-F13")
@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_tabs_are_named_with_every_kind_of_line(program: Program, job: Path, end: str):
    job.write_bytes(end.join(["name: t", "stop:", "\tsteps: 3", ""]).encode())
    problem = refusal(program, job)
    assert f"{job}:3: " in problem
    assert "indent with spaces: YAML allows no tabs" in problem


@pytest.mark.fault("L-W7")
@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32"])
def test_other_encodings_are_named(program: Program, job: Path, encoding: str):
    job.write_bytes(JOB.encode(encoding))
    assert f"it is {encoding[:6].upper()} text" in refusal(program, job)


@pytest.mark.fault("L-W7")
@pytest.mark.parametrize(
    "beginning",
    ["\ufeff\ufeff", "---\n\ufeff", "# a\u2028b\n# c\u0085d\n"],
    ids=["two marks", "a mark after ---", "separators in comments"],
)
def test_marks_and_separators_change_nothing(program: Program, job: Path, beginning: str):
    plain = program.run("plan", job, seconds=60).stdout
    job.write_text(beginning + JOB, encoding="utf-8")
    assert program.run("plan", job, seconds=60).stdout.split()[-1] == plain.split()[-1]
    job.write_text(beginning + JOB + "zebra: 1\n", encoding="utf-8")
    line = beginning.count("\n") + JOB.count("\n") + 1
    assert f"{job}:{line}: key 'zebra'" in refusal(program, job)


@pytest.mark.fault("L-W7")
def test_a_directive_needs_the_beginning_of_a_document(program: Program, job: Path):
    job.write_text("%YAML 1.2\n" + JOB)
    assert "a line '---'" in refusal(program, job)


@pytest.mark.fault("L-W8")
def test_a_job_may_be_json(program: Program, job: Path):
    plain = program.run("plan", job, seconds=60).stdout
    job.write_text(
        '{\n\t"name": "habits",\n\t"data": {"name":"chebyshev"},\n'
        '\t"model": {"name": "mlp", "hidden": [10], "bias": true},\n\t"optimizer": "gd",\n'
        '\t"learning_rate": 1e-1,\n\t"batch_size": "full",\n\t"stop": {"steps": 20},\n'
        '\t"measure": {"every": 5, "track": "none"}\n}\n'
    )
    run = next(word for word in plain.split() if word.startswith("gd-lr0.1"))
    assert run in program.run("plan", job, seconds=60).stdout


@pytest.mark.fault("L-W8")
@pytest.mark.parametrize("value", ["True", "TRUE", "False"])
def test_truth_values_of_yaml(program: Program, job: Path, value: str):
    program.run("plan", job, "--set", f"measure.smallest={value}", seconds=60)


@pytest.mark.fault("L-W9")
@pytest.mark.parametrize(
    ("override", "here"),
    [
        ("stop.steps=1_000", "here 1000"),
        ("stop.steps=1,000", "here 1000"),
        ("stop.steps=10k", "here 10000"),
        ("stop.steps=0o17", "here 15"),
        ("stop={steps: 1,000}", "write 1000"),
        ("learning_rate=0,5", "here 0.5"),
        ("learning_rate=1/2", "here 0.5"),
        ("learning_rate=\uff10.\uff15", "here 0.5"),
        ("model.hidden=(10,10)", "here [10, 10]"),
        ("grid=[{learning_rate: [0,1, 0,2]}]", "[0.1, 0.2]"),
    ],
)
def test_numbers_of_other_languages_and_locales(
    program: Program, job: Path, override: str, here: str
):
    assert here in refusal(program, job, "--set", override)


@pytest.mark.fault("L-W10")
@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("loss: ms\u0435", "U+0435 CYRILLIC SMALL LETTER IE"),
        ("seed:\u00a03", "U+00A0 NO-BREAK SPACE"),
        ("init: {file:\u00a0x}", "U+00A0 NO-BREAK SPACE"),
        ("loss: \u201cmse\u201d", "U+201C LEFT DOUBLE QUOTATION MARK"),
        ("seed: \u20133", "U+2013 EN DASH"),
        ("precision: double\u200b", "U+200B ZERO WIDTH SPACE"),
    ],
)
def test_characters_that_look_like_others_are_named(
    program: Program, job: Path, line: str, name: str
):
    job.write_text(JOB + line + "\nkeep_weights: none\n", encoding="utf-8")
    problem = refusal(program, job)
    assert f"{job}:{JOB.count(chr(10)) + 1}: " in problem
    assert name in problem


@pytest.mark.fault("L-F4", "L-W11")
@pytest.mark.parametrize(
    ("override", "words"),
    [
        ("init.file=~/w.h5", "'~/w.h5' begins with ~"),
        ("init.file=$HOME/w.h5", "nothing expands $"),
        ("data={name: hdf5, path: ~/x.h5}", "'~/x.h5' begins with ~"),
        ("data={name: idx, images: ~/a, labels: ~/b}", "'~/a' begins with ~"),
    ],
)
def test_paths_are_not_expanded(program: Program, job: Path, override: str, words: str):
    done = program.run("plan", job, "--set", override, status=2, seconds=60)
    assert words in done.stderr


@pytest.mark.fault("L-W12")
@pytest.mark.parametrize(
    ("arguments", "form"),
    [
        (["--set", "learning_rate=0.1,0.2"], "--set 'learning_rate=[0.1, 0.2]'"),
        (["--set", "seed=range(0,3)"], "--set 'seed={range: [0, 2]}'"),
        (["--set", "seed=choice(1,2)"], "--set 'seed=[1, 2]'"),
        (["--set", "+measure.top=3"], "did you mean 'measure.top'"),
        (["--set", "++seed=3"], "write the key without '+'"),
        (["--set", "learning_rate={values: [0.1, 0.2]}"], "write [0.1, 0.2]"),
        (
            ["--set", "learning_rate={min: 0.01, max: 1, distribution: log_uniform_values}"],
            "{logspace: [0.01, 1], count: 5}",
        ),
        (["--set", "learning_rate: 0.2"], "--set 'learning_rate=0.2'"),
        (["learning_rate=0.2"], "--set 'learning_rate=0.2'"),
        (["+seed=3"], "--set 'seed=3'"),
        (["--learning_rate", "0.2"], "--set 'learning_rate=0.2'"),
        (["--lr=0.2"], "--set 'learning_rate=0.2'"),
    ],
)
def test_habits_of_other_programs_get_the_form_here(
    program: Program, job: Path, arguments: list[str], form: str
):
    assert form in refusal(program, job, *arguments)


@pytest.mark.fault("L-W14")
def test_names_fit_into_a_directory_and_on_a_line(program: Program, job: Path):
    assert "300 letters" in refusal(program, job, "--set", f"name={'a' * 300}")
    problem = refusal(program, job, "--set", 'name="a\\nb"')
    assert "\\n" in problem
    quoted = refusal(program, job, "--set", "name=a\u2028b\u001b")
    assert "\u001b" not in quoted


@pytest.mark.fault("L-W14", "D-W7")
@pytest.mark.parametrize(
    ("override", "words"),
    [
        ("seed=9007199254740993", "larger than 2^53"),
        ("stop.steps=0", "nothing is measured"),
    ],
)
def test_what_is_likely_not_meant_is_noted(program: Program, job: Path, override: str, words: str):
    done = program.run("plan", job, "--set", override, seconds=60)
    assert words in done.stderr
