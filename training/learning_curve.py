"""The learning curve of a training as a picture: losses by part on the left, dev scores on the right."""

from pathlib import Path

from training.run_log import read_steps

NAME = "learning_curve.png"


def draw_learning_curve(state: Path, out: Path) -> Path | None:
    """Draw what the state folder of a training logged into ``out``.

    Returns:
        The picture, or None where matplotlib (extra ``train``) is not installed or nothing was logged.
    """
    lines = read_steps(state)
    try:
        from matplotlib.figure import Figure
    except ImportError:
        return None
    if not lines:
        return None
    figure = Figure(figsize=(10, 4), layout="constrained")
    losses, scores = figure.subplots(1, 2)
    for axes, prefix, title in ((losses, "loss/", "training loss"), (scores, "dev/", "dev score")):
        for name in sorted({key for line in lines for key in line if key.startswith(prefix)}):
            points = [(line["step"], line[name]) for line in lines if name in line]
            axes.plot(
                *zip(*points, strict=True), marker="o" if len(points) < 30 else "", label=name[len(prefix) :]
            )
        axes.set(title=title, xlabel="step")
        axes.grid(alpha=0.3)
        if axes.lines:
            axes.legend()
    figure.savefig(out / NAME, dpi=110)
    return out / NAME
