"""Hessian products per measurement of the top 2 along training, as the run itself counts them."""

import numpy as np

from first_network import training
from setting import Row, Setting
from turns import Line, Target


def measure(setting: Setting) -> list[Line]:
    """One run that reaches the edge of stability, where eigenvectors turn fastest."""
    steps = setting.scaled(1400)
    setting.say(f"one run of {steps} steps")
    job = training(setting, steps, measure="{every: 10, top: 2, tolerance: 5e-3}")
    sweep = setting.program.run(job, "eigenvalues")
    products = sweep.values("products_used").astype(float)
    converged = sweep.values("converged").astype(float)
    measured = sweep.values("measured_step") >= 0
    late = products[measured & (np.arange(len(products)) >= len(products) // 2)]
    return [
        Line(
            "products per measurement",
            [float(products[measured].mean())],
            "",
            Target(4, at_most=True),
        ),
        Line("of these, in the second half of the run", [float(late.mean())]),
        Line("most products of one measurement", [float(products[measured].max())]),
        Line("share of measurements that converged", [float(converged[measured].mean())]),
        Line("whole run", [sweep.wall_seconds], "s"),
    ]


ROW = Row("eigenvalues", "top 2 eigenvalues every 10 steps along 1,400, residual 0.5 %", 4, measure)
