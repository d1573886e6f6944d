"""Good experiences per lowest rating, drawn over the target: one curve for each share of content customers who rate."""

from collections.abc import Sequence
from html import escape
from math import log10

from mining.ratio.holding import HIGH, LOW, RESPONDING, Scale

_WIDTH, _HEIGHT = 720, 420
_LEFT, _RIGHT, _TOP, _BOTTOM = 70, 150, 30, 50
_COLOURS = ("#7a1f3d", "#c2410c", "#0f766e", "#1d4ed8", "#6d28d9")
_STEPS = 60
_LINES = (1, 3, 10, 30, 100, 300, 1000, 3000)  # counts that get a grid line


def plot(low: float = LOW, high: float = HIGH, *, responding: Sequence[float] = RESPONDING) -> str:
    """An SVG picture, for the middle of the scale up to near its end; the count is on a logarithmic axis.

    Raises:
        SettingsError: The scale or a share is out of range.
    """
    first, last = (low + high) / 2, high - (high - low) / 40
    targets = [first + (last - first) * step / _STEPS for step in range(_STEPS + 1)]
    curves = {
        share: [Scale(target=t, respond=share, low=low, high=high).good_experiences() for t in targets]
        for share in responding
    }
    least = min(min(curve) for curve in curves.values())
    most = max(max(curve) for curve in curves.values())
    parts = [*_grid(least, most), *_ticks(high, targets)]
    for (share, curve), colour in zip(curves.items(), _COLOURS, strict=False):
        points = " ".join(
            f"{_x(t, targets):.1f},{_y(value, least, most):.1f}"
            for t, value in zip(targets, curve, strict=True)
        )
        end = _y(curve[-1], least, most)
        parts += [
            f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"/>',
            _text(_WIDTH - _RIGHT + 8, end + 4, f"{100 * share:.0f}\u202f% of them rate", colour=colour),
        ]
    parts += [
        _text(_LEFT, 18, "good experiences per lowest rating", bold=True),
        _text((_LEFT + _WIDTH - _RIGHT) / 2, _HEIGHT - 10, "mean rating to hold", anchor="middle"),
    ]
    body = "\n".join(parts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" font-family="sans-serif" '
        f'font-size="13">\n<rect width="100%" height="100%" fill="white"/>\n{body}\n</svg>\n'
    )


def _grid(least: float, most: float) -> list[str]:
    parts = []
    for value in _LINES:
        if least <= value <= most:
            y = _y(value, least, most)
            line = f'<line x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{y:.1f}" y2="{y:.1f}" stroke="#ddd"/>'
            parts += [line, _text(_LEFT - 8, y + 4, f"{value:,}", anchor="end")]
    return parts


def _ticks(high: float, targets: Sequence[float]) -> list[str]:
    marks = [targets[0] + (high - targets[0]) * step / 4 for step in range(4)]
    return [
        _text(_x(mark, targets), _HEIGHT - _BOTTOM + 18, f"{mark:.3g}", anchor="middle") for mark in marks
    ]


def _x(target: float, targets: Sequence[float]) -> float:
    return _LEFT + (target - targets[0]) / (targets[-1] - targets[0]) * (_WIDTH - _LEFT - _RIGHT)


def _y(value: float, least: float, most: float) -> float:
    part = (log10(value) - log10(least)) / (log10(most) - log10(least))
    return _HEIGHT - _BOTTOM - part * (_HEIGHT - _TOP - _BOTTOM)


def _text(
    x: float, y: float, words: str, *, anchor: str = "start", colour: str = "#222", bold: bool = False
) -> str:
    weight = ' font-weight="bold"' if bold else ""
    place = f'x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{colour}"'
    return f"<text {place}{weight}>{escape(words)}</text>"
