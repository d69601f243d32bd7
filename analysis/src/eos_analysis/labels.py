"""Settings as words for titles and legends: what differs between runs is named, nothing else."""

from collections.abc import Sequence
from typing import Any

MOMENTA = {"momentum": r"\beta", "beta1": r"\beta_1", "beta2": r"\beta_2", "nu": r"\nu"}
"""Constants of optimizers that are always named, with their symbols."""

FULL_BATCH = "full batch"

Settings = list[dict[str, Any]]
"""The resolved configuration of each run, keys dotted."""


def constants_label(settings: Settings) -> list[str]:
    """'adam, beta1 = 0.9 ...': the momenta always, other constants where runs differ in them."""
    names = [str(own["optimizer.name"]) for own in settings]
    constants = [
        {k.removeprefix("optimizer."): v for k, v in own.items() if k.startswith("optimizer.")}
        for own in settings
    ]
    shown = differing(constants, groups=names)
    labels = []
    for name, own in zip(names, constants, strict=True):
        keys = [key for key in sorted(own) if key in MOMENTA or key in shown]
        labels.append(", ".join([name, *(f"${_symbol(key)}={own[key]}$" for key in keys)]))
    return labels


def differing(settings: Settings, groups: Sequence[Any] | None = None) -> set[str]:
    """The keys that take more than one value within some group; without groups, at all."""
    values: dict[Any, set[str]] = {}
    for own, group in zip(settings, groups or [None] * len(settings), strict=True):
        for key, value in own.items():
            values.setdefault((group, key), set()).add(repr(value))
    return {key for (_, key), found in values.items() if len(found) > 1}


def is_problem_key(key: str) -> bool:
    """Whether a setting says what is minimised, rather than how."""
    return key == "loss" or key.startswith(("data.", "model."))


def setting_label(key: str, value: Any) -> str:
    """'batch 10', 'degree 4', 'cross-entropy': a setting in few words."""
    if key == "batch_size":
        return batch_label(value)
    if isinstance(value, str) and not value.isdigit():
        return value
    return f"{key.split('.')[-1].replace('_', ' ')} {value}"


def batch_label(value: Any) -> str:
    """'full batch' or 'batch 10'."""
    return FULL_BATCH if value == "full" else f"batch {int(value)}"


def _symbol(key: str) -> str:
    return MOMENTA.get(key) or rf"\mathrm{{{key}}}".replace("_", r"\ ")
