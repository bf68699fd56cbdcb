"""A certificate as a PDF, and the code that proves it: derived from the record's own entry, so none can be made up.

Written with fpdf2 into the installation's state; the gateway serves it under its code, which nobody can guess.
"""

import base64
import hashlib
import hmac
from pathlib import Path
from typing import NamedTuple

from fpdf import FPDF

from knowledge.clause import Policy
from knowledge.training.drawn import words
from knowledge.training.record import STATE, Entry, Record

FOLDER = STATE / "certificates"
CODE_LETTERS = 20  # of five bits each: a hundred bits
INK, QUIET, ACCENT = (26, 29, 33), (74, 82, 92), (29, 79, 145)
GROUP = 5


class Certified(NamedTuple):
    """What a code proves."""

    entry: Entry
    name: str | None


def code_of(record: Record, entry: Entry) -> str:
    """Return the code of a completion, in groups of five."""
    whole = hmac.new(record.key, b"certificate" + entry.hash.encode(), hashlib.sha256).digest()
    letters = base64.b32encode(whole).decode()[:CODE_LETTERS]
    return "-".join(letters[start : start + GROUP] for start in range(0, CODE_LETTERS, GROUP))


def certify(record: Record, entry: Entry, name: str, policy: Policy) -> tuple[str, str]:
    """Write the certificate of a passed course; return the address it is served at, and its code."""
    code = code_of(record, entry)
    write(FOLDER / f"{code}.pdf", entry, name, policy, code)
    return f"/certificate/{code}", code


def withdraw(record: Record, learner: str) -> None:
    """Take away a learner's certificates: they hold a name."""
    for entry in record.entries(learner):
        if entry.kind == "ended" and entry.data["passed"]:
            (FOLDER / f"{code_of(record, entry)}.pdf").unlink(missing_ok=True)


def find(record: Record, code: str) -> Certified | None:
    """Return the completion that a code proves; None where it proves nothing."""
    for entry in record.entries():
        if entry.kind == "ended" and entry.data["passed"] and hmac.compare_digest(code_of(record, entry), code.upper()):
            return Certified(entry, record.names().get(entry.learner))
    return None


def write(path: Path, entry: Entry, name: str, policy: Policy, code: str) -> None:
    """Write one page: who, which course, how well, on which policy, when, and the code."""
    path.parent.mkdir(parents=True, exist_ok=True)
    page = FPDF(orientation="landscape", format="A4")
    page.set_title(f"Certificate {code}")
    page.set_creator("Whatnow")
    page.add_page()
    page.set_draw_color(*ACCENT)
    page.set_line_width(1.2)
    page.rect(12, 12, 273, 186)
    course = words()["courses"][entry.data["course"]].split(" (")[0]
    line(page, 34, 30, policy.title, ACCENT, bold=True)
    line(page, 54, 16, "Certificate of training", QUIET)
    line(page, 80, 28, name, INK, bold=True)
    line(page, 102, 16, f"has passed the course: {course}", INK)
    line(page, 116, 16, f"with {round(100 * entry.data['share'])} % of decisions right", INK)
    line(
        page,
        136,
        12,
        f"on {entry.at[:10]}, by the policy's version {policy.version}, last reviewed {policy.last_reviewed}",
        QUIET,
    )
    line(page, 146, 12, "It holds for one year, or until a clause that it covers changes.", QUIET)
    line(page, 168, 12, f"Code: {code}. It is confirmed by:  make training-verify CODE={code}", INK)
    line(page, 178, 10, "The name is as the person or their account gave it.", QUIET)
    fresh = path.with_suffix(".new")
    page.output(str(fresh))
    fresh.replace(path)


def line(page: FPDF, top: float, size: int, text: str, colour: tuple[int, int, int], *, bold: bool = False) -> None:
    """Write one centred line; letters that the PDF's own fonts lack become their nearest."""
    page.set_font("Helvetica", "B" if bold else "", size)
    page.set_text_color(*colour)
    page.set_xy(15, top)
    page.cell(267, 10, text.encode("latin-1", "replace").decode("latin-1"), align="C")
