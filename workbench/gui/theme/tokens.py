"""The two token tables and the measures: every colour and every pixel of the window is named here.

Widgets say what a thing *is* (`role="muted"`, `kind="primary"`, `tokens.good`), never what colour or size it has.
Each text colour reaches a contrast of 4.5:1 on each surface that it may stand on, which a test computes.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tokens:
    """One colour table, as CSS hex strings.

    Attributes:
        name: `"light"` or `"dark"`.
        background: the page.
        side: sidebar and status bar.
        panel: cards, fields, tables, the inspector.
        raised: popovers, sheets, the chosen entry of the sidebar.
        line: hairlines around things.
        line_soft: hairlines inside things, tracks of bars.
        chip: the grey of tokens in sentences and of neutral pills.
        hover: the grey under the pointer.
        text: what is read first.
        muted: what is read second.
        hint: what is read last.
        accent: the one primary button, selection, links.
        accent_hover: the primary button under the pointer.
        accent_soft: background of chosen and of accented tokens.
        on_accent: text on `accent`.
        good: a state that is well, as text.
        warn: a state that wants a look, as text.
        bad: a state that failed, as text.
        series: the five colours of charts and step kinds, in order; graphics only.
        shade: the veil behind a sheet, with its alpha.
    """

    name: str
    background: str
    side: str
    panel: str
    raised: str
    line: str
    line_soft: str
    chip: str
    hover: str
    text: str
    muted: str
    hint: str
    accent: str
    accent_hover: str
    accent_soft: str
    on_accent: str
    good: str
    good_soft: str
    warn: str
    warn_soft: str
    bad: str
    bad_soft: str
    series: tuple[str, str, str, str, str]
    held: str
    shade: str


LIGHT = Tokens(
    name="light",
    background="#f6f6f4",
    side="#efeeea",
    panel="#ffffff",
    raised="#ffffff",
    line="#e4e3df",
    line_soft="#efeeea",
    chip="#efeeea",
    hover="#e9e8e3",
    text="#1d1d1f",
    muted="#5d5d63",
    hint="#66666d",
    accent="#4b46d6",
    accent_hover="#3f3ac2",
    accent_soft="#ecebfc",
    on_accent="#ffffff",
    good="#17734a",
    good_soft="#e3f3ea",
    warn="#8a5700",
    warn_soft="#fbf0d9",
    bad="#b92f26",
    bad_soft="#fbe7e4",
    series=("#4b46d6", "#0f8f8c", "#d97706", "#c0396f", "#5b7a1f"),
    held="#8e8e95",
    shade="rgba(29, 29, 31, 90)",
)

DARK = Tokens(
    name="dark",
    background="#161618",
    side="#19191b",
    panel="#1e1e21",
    raised="#26262a",
    line="#323236",
    line_soft="#2a2a2e",
    chip="#2a2a2e",
    hover="#303035",
    text="#f1f1f3",
    muted="#a9a9b2",
    hint="#9393a0",
    accent="#8f8bff",
    accent_hover="#a29fff",
    accent_soft="#2a2950",
    on_accent="#161618",
    good="#55c48d",
    good_soft="#16352a",
    warn="#e2ab4a",
    warn_soft="#3a2d12",
    bad="#f07b70",
    bad_soft="#3f2220",
    series=("#8f8bff", "#45c4bf", "#f0a345", "#ea78a3", "#a6c65a"),
    held="#77777f",
    shade="rgba(0, 0, 0, 140)",
)


class Measure:
    """Lengths in device-independent pixels; all but hairlines sit on the 4 px rhythm or on the drawings."""

    step = 4
    hairline = 1
    rail = 3
    radius_field = 6
    radius_button = 7
    radius_card = 10
    body = 13
    small = 12
    note = 11
    title = 20
    hero = 28
    stat = 24
    sidebar = 208
    inspector = 308
    status_bar = 28
    control = 30
    row = 33
    bar = 4
    bar_thick = 7
    icon_small = 14
    icon = 16
    badge = 22
    icon_large = 36
    header = 56
    window_width = 1000
    window_height = 640
    window_first_width = 1440
    window_first_height = 900
    popover = 320
    palette = 600
    sheet = 520
    field = 320
    text_column = 620
    chart = 220
    stat_tile = 168


_LINEAR_BELOW = 0.04045


def space(steps: float) -> int:
    """So many steps of the 4 px rhythm, in pixels: `space(3)` is 12."""
    return round(steps * Measure.step)


def relative_luminance(colour: str) -> float:
    """The luminance of `#rrggbb` in 0..1, by WCAG 2.1's definition."""
    channels = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (part / 12.92 if part <= _LINEAR_BELOW else ((part + 0.055) / 1.055) ** 2.4 for part in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours, 1 to 21, by WCAG 2.1's definition."""
    dark, light = sorted((relative_luminance(one), relative_luminance(other)))
    return (light + 0.05) / (dark + 0.05)
