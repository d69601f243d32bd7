"""Settings as words for titles and legends: what differs between runs is named, nothing else."""

from collections.abc import Iterable, Sequence
from typing import Any

from eos_analysis.texts import literal, shortened

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
    families: dict[str, Settings] = {}
    for name, own in zip(names, constants, strict=True):
        families.setdefault(name, []).append(own)
    shown = {name: MOMENTA.keys() | differing(family) for name, family in families.items()}
    labels = []
    for name, own in zip(names, constants, strict=True):
        keys = [key for key in sorted(own) if key in shown[name]]
        labels.append(", ".join([literal(name), *(_constant(key, own[key]) for key in keys)]))
    return labels


def _constant(key: str, value: Any) -> str:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return f"${_symbol(key)}={value}$"
    return literal(f"{key.replace('_', ' ')} {value}")


def differing(settings: Settings, groups: Sequence[Any] | None = None) -> set[str]:
    """The keys that take more than one value within some group; without groups, at all."""
    first: dict[Any, dict[str, Any]] = {}
    found: set[str] = set()
    for own, group in zip(settings, groups or [None] * len(settings), strict=True):
        known = first.setdefault(group, {})
        for key, value in own.items():
            if key not in found and not _is_same(known.setdefault(key, value), value):
                found.add(key)
    return found


def _is_same(one: Any, other: Any) -> bool:
    """Whether two values of a setting are written alike; 1 and 1.0 are not."""
    if one is other or isinstance(one, str) and isinstance(other, str):
        return one == other
    return repr(one) == repr(other)


def telling(settings: Settings, panels: Sequence[Any]) -> set[str]:
    """The keys that tell runs of a panel apart; how sums are split only where no other does."""
    found = differing(settings, groups=panels)
    if "block_size" not in found:
        return found
    rest = [hash(repr({k: v for k, v in own.items() if k != "block_size"})) for own in settings]
    sizes = [{k: v for k, v in own.items() if k == "block_size"} for own in settings]
    return found if differing(sizes, groups=rest) else found - {"block_size"}


class SettingLabels:
    """The labels of the values that settings take over all runs."""

    def __init__(self, settings: Settings, keys: Iterable[str]) -> None:
        """Labels some keys; long values are shortened to the part in which they differ."""
        self._labels: dict[str, dict[str, str]] = {}
        for key in keys:
            texts = {repr(own[key]): setting_label(key, own[key]) for own in settings if key in own}
            short = shortened([*texts.values()])
            self._labels[key] = {value: literal(short[text]) for value, text in texts.items()}

    def named(self, keys: set[str], own: dict[str, Any]) -> dict[str, str]:
        """The labels of some settings of a run: batch first, seed last, none for an empty list."""
        shown = [key for key in keys & own.keys() if own[key] != []]
        order = sorted(shown, key=lambda key: (key != "batch_size", key == "seed", key))
        return {key: self._labels[key][repr(own[key])] for key in order}


def is_problem_key(key: str) -> bool:
    """Whether a setting says what is minimised, rather than how."""
    return key == "loss" or key.startswith(("data.", "model."))


def setting_label(key: str, value: Any) -> str:
    """'batch 10', 'degree 4', 'cross-entropy': a setting in few words."""
    if key == "batch_size":
        return batch_label(value)
    if isinstance(value, str) and value and not value.isdigit():
        return value
    return f"{key.split('.')[-1].replace('_', ' ')} {value}"


def batch_label(value: Any) -> str:
    """'full batch' or 'batch 10'."""
    return FULL_BATCH if value == "full" else f"batch {int(value)}"


def _symbol(key: str) -> str:
    return MOMENTA.get(key) or rf"\mathrm{{{key}}}".replace("_", r"\ ")
