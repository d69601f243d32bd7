"""Images to train on: a file in the binary layout of CIFAR-10, or synthetic ones like them."""

import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np

PIXELS = 3 * 32 * 32
CLASSES = 10
SYNTHETIC_COUNT = 5_000


@dataclass(frozen=True)
class Images:
    """A file that `eos-sweep` and the reference implementations both read."""

    file: Path
    is_synthetic: bool

    @classmethod
    def prepare(cls, file: Path | None, folder: Path) -> "Images":
        """Takes the given file, or writes a synthetic one into `folder`."""
        if file is not None:
            if not file.is_file() or file.stat().st_size % (1 + PIXELS) != 0:
                sys.exit(
                    f"{file} is not a file of CIFAR-10's binary layout, such as data_batch_1.bin"
                )
            return cls(file.resolve(), is_synthetic=False)
        synthetic = folder / "images.bin"
        if not synthetic.exists():
            _synthetic_records().tofile(synthetic)
        return cls(synthetic, is_synthetic=True)

    @property
    def name(self) -> str:
        """For the head of a report."""
        return "synthetic Gaussian images" if self.is_synthetic else self.file.name

    def load(self, examples: int, dtype: type[np.floating] = np.float32):
        """The first `examples` images, standardised per pixel over the file, and one-hot labels."""
        records = np.fromfile(self.file, dtype=np.uint8).reshape(-1, 1 + PIXELS)
        pixels = records[:, 1:].astype(np.float64) / 255
        deviation = pixels.std(0)
        x = (pixels[:examples] - pixels.mean(0)) / np.where(deviation > 0, deviation, 1)
        return x.astype(dtype), np.eye(CLASSES, dtype=dtype)[records[:examples, 0]]


def _synthetic_records() -> np.ndarray:
    """Smooth Gaussian images around one mean per class, as bytes: a label, then three planes."""
    random = np.random.default_rng(0)
    labels = random.integers(0, CLASSES, SYNTHETIC_COUNT)
    means = _smooth(random.standard_normal((CLASSES, 3, 32, 32)))
    noise = _smooth(random.standard_normal((SYNTHETIC_COUNT, 3, 32, 32)))
    pixels = np.clip(127.5 + 20 * means[labels] + 45 * noise, 0, 255).round()
    records = np.empty((SYNTHETIC_COUNT, 1 + PIXELS), dtype=np.uint8)
    records[:, 0], records[:, 1:] = labels, pixels.reshape(SYNTHETIC_COUNT, PIXELS)
    return records


def _smooth(images: np.ndarray) -> np.ndarray:
    """Gives white noise the spectrum of photographs: amplitude falling with the frequency."""
    frequency = np.fft.fftfreq(32)
    radius = np.hypot(frequency[:, None], frequency[None, :]) + 1 / 32
    coloured = np.fft.ifft2(np.fft.fft2(images) / radius).real
    return coloured / coloured.std()


def uniform_fan_in(shapes: list[tuple[int, ...]], seed: int = 0) -> np.ndarray:
    """Initial weights in single precision: U(-1/sqrt(fan in), 1/sqrt(fan in)), in PyTorch's order.

    A shape is that of a weight tensor, outputs first; its bias follows it and has the same fan in.
    """
    random = np.random.default_rng(seed)
    pieces = []
    for outputs, *inputs in shapes:
        fan_in = int(np.prod(inputs))
        count = outputs * fan_in + outputs
        pieces.append(random.uniform(-1, 1, count) / np.sqrt(fan_in))
    return np.concatenate(pieces).astype(np.float32)
