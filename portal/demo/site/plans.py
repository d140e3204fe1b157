"""Floor plans as rooms: left, top, width, height in decimetres, English, Chinese. On drawings they have numbers."""

ROOMS = {
    "A": ((0, 0, 42, 36, "Bedroom", "卧室"), (42, 0, 30, 36, "Kitchen", "厨房"), (72, 0, 24, 36, "Bath", "卫生间"),
          (0, 36, 60, 45, "Living room", "客厅"), (60, 36, 36, 45, "Study", "书房")),
    "B": ((0, 0, 36, 38, "Bedroom", "卧室"), (36, 0, 34, 38, "Kitchen", "厨房"), (70, 0, 24, 38, "Bath", "卫生间"),
          (94, 0, 28, 38, "Study", "书房"), (0, 38, 70, 43, "Living room", "客厅"),
          (70, 38, 52, 43, "Bedroom", "主卧")),
    "C": ((0, 0, 40, 40, "Bedroom", "卧室"), (40, 0, 36, 40, "Kitchen", "厨房"), (76, 0, 24, 40, "Bath", "卫生间"),
          (100, 0, 38, 40, "Bedroom", "次卧"), (0, 40, 84, 48, "Living room", "客厅"),
          (84, 40, 54, 48, "Bedroom", "主卧")),
    "D": ((0, 0, 40, 42, "Bedroom", "次卧"), (40, 0, 34, 42, "Kitchen", "厨房"), (74, 0, 22, 42, "Bath", "卫生间"),
          (96, 0, 22, 42, "Guest bath", "客卫"), (118, 0, 30, 42, "Study", "书房"),
          (0, 42, 74, 54, "Living room", "客厅"), (74, 42, 36, 54, "Bedroom", "卧室"),
          (110, 42, 38, 54, "Bedroom", "主卧")),
    "K": ((0, 0, 38, 36, "Bedroom", "卧室"), (38, 0, 32, 36, "Kitchen", "厨房"), (70, 0, 24, 36, "Bath", "卫生间"),
          (0, 36, 54, 45, "Living room", "客厅"), (54, 36, 40, 45, "Bedroom", "主卧")),
}  # fmt: skip
IN_FULL = {"主卧": "Main bedroom", "次卧": "Second bedroom"}


def rooms_of(name):
    """[(name of the room in both languages, its area in m² as text)], numbered as on the drawing."""
    return [
        (_numbered(number, english, chinese), f"{across * down / 100:.1f}")
        for number, (_left, _top, across, down, english, chinese) in enumerate(ROOMS[name], start=1)
    ]


def _numbered(number, english, chinese):
    return {"en": f"{number} {IN_FULL.get(chinese, english)}", "zh": f"{number} {chinese}"}
