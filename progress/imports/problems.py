"""What is wrong with a workbook: all of it counted, the first ones kept to be shown."""

from typing import NamedTuple

SHOWN = 200


class Problem(NamedTuple):
    """`row` and `column` may be empty: then it concerns the whole sheet, or the whole workbook."""

    sheet: str
    row: int | None
    column: str
    reason: str


class Problems:
    def __init__(self):
        self.count, self.shown = 0, []

    def add(self, reason, *, sheet="", row=None, column=""):
        self.count += 1
        if len(self.shown) < SHOWN:
            self.shown.append(Problem(str(sheet), row, str(column), str(reason)))

    def __bool__(self):
        return self.count > 0
